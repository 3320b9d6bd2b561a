import type { Socket } from 'node:net';
import { expect } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import type { DaemonOptions, WireMessage } from '../support/daemon.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import type { UpstreamOptions, UpstreamSocket } from '../support/realtime-upstream.ts';

export interface CallOptions extends Pick<DaemonOptions, 'env'> {
  readonly upstream?: UpstreamOptions;
  /** Passed to the upstream's `config.toml`. */
  readonly config?: { top?: string; realtime?: string; tables?: string };
  /** Changes the text of `config.toml`. */
  readonly editConfig?: (text: string, upstream: RealtimeUpstream) => string | Promise<string>;
  readonly capabilities?: object;
}

/** A daemon with one thread that can talk to a scripted upstream. */
export class Call {
  readonly daemon: TestDaemon;
  readonly upstream: RealtimeUpstream;
  readonly threadId: string;
  #fences = 0;

  private constructor(daemon: TestDaemon, upstream: RealtimeUpstream, threadId: string) {
    this.daemon = daemon;
    this.upstream = upstream;
    this.threadId = threadId;
  }

  static async open(options: CallOptions = {}): Promise<Call> {
    const upstream = await RealtimeUpstream.open(options.upstream);
    const config = upstream.config(options.config);
    const daemon = await TestDaemon.open({
      config: (await options.editConfig?.(config, upstream)) ?? config,
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.capabilities === undefined ? {} : { capabilities: options.capabilities }),
    });
    return new Call(daemon, upstream, await daemon.startThread());
  }

  /** Another thread of the same daemon. */
  async another(): Promise<Call> {
    return new Call(this.daemon, this.upstream, await this.daemon.startThread());
  }

  /** Everything the client heard of its voice, whole and in order, without fences. */
  get heard(): WireMessage[] {
    return this.daemon.messages.filter(
      ({ method, params }) =>
        (method === 'error' || method?.startsWith('thread/realtime/') === true) &&
        params?.['threadId'] === this.threadId &&
        !isFence(params['item']),
    );
  }

  /** A notification as `heard` has it. */
  note(name: string, params: object = {}): WireMessage {
    return { method: `thread/realtime/${name}`, params: { threadId: this.threadId, ...params } };
  }

  started(version: 'v1' | 'v2' = 'v2', realtimeSessionId = this.threadId): WireMessage {
    return this.note('started', { realtimeSessionId, version });
  }

  /** What is heard of input for which nothing is running. */
  get notRunning(): WireMessage {
    return {
      method: 'error',
      params: {
        error: {
          message: 'no realtime conversation is running',
          codexErrorInfo: 'badRequest',
          additionalDetails: null,
        },
        willRetry: false,
        threadId: this.threadId,
        turnId: expect.any(String) as string,
      },
    };
  }

  /** Asks for a session; its outcome comes by notifications. */
  async requestStart(params: object = {}): Promise<void> {
    const answer = await this.call('start', { outputModality: 'audio', ...params });
    expect(answer).toEqual({ id: answer.id, result: {} });
  }

  /** Opens a session and gives its upstream side, once both sides know of it. */
  async start(params: object = {}): Promise<UpstreamSocket> {
    const index = this.upstream.sockets.length;
    const before = this.count('started');
    await this.requestStart(params);
    await this.until('started', before + 1);
    return this.upstream.socket(index);
  }

  count(name: string): number {
    return this.heard.filter(({ method }) => method === `thread/realtime/${name}`).length;
  }

  /** Waits until so many notifications of this name came. */
  async until(name: string, count = 1): Promise<void> {
    await this.daemon.until(`${count} times ${name}`, () => (this.count(name) >= count ? true : undefined));
  }

  /** Sends a request about the thread's voice and gives the whole answer. */
  async call(name: string, params: object = {}): Promise<WireMessage> {
    return this.daemon.call(`thread/realtime/${name}`, { threadId: this.threadId, ...params });
  }

  /** Sends audio; fails unless it is answered with success. */
  async appendAudio(data: string): Promise<void> {
    const answer = await this.call('appendAudio', { audio: audio(data) });
    expect(answer).toEqual({ id: answer.id, result: {} });
  }

  async appendText(text: string): Promise<void> {
    const answer = await this.call('appendText', { text });
    expect(answer).toEqual({ id: answer.id, result: {} });
  }

  async stop(): Promise<void> {
    const answer = await this.call('stop');
    expect(answer).toEqual({ id: answer.id, result: {} });
  }

  /** Returns when the client has heard of everything that the upstream had sent on this socket. */
  async fence(socket: UpstreamSocket): Promise<void> {
    this.#fences += 1;
    const item = { fence: this.#fences };
    socket.send({ type: 'conversation.item.added', item });
    await this.daemon.waitForNotification(
      'thread/realtime/itemAdded',
      (params) =>
        isFence(params['item']) &&
        params['item'].fence === item.fence &&
        params['threadId'] === this.threadId,
    );
  }

  /** Returns when the upstream has received everything that the daemon had sent on this socket. */
  async sendingFence(socket: UpstreamSocket): Promise<void> {
    this.#fences += 1;
    const text = `[USER] fence ${this.#fences}`;
    const count = socket.received.length;
    await this.appendText(text);
    await this.upstream.until('a fence', () =>
      socket.received.slice(count).some((frame) => JSON.stringify(frame).includes(text)) ? true : undefined,
    );
  }
}

function isFence(item: unknown): item is { fence: number } {
  return typeof item === 'object' && item !== null && 'fence' in item;
}

/** An input chunk as a client sends it. */
export function audio(data: string): object {
  return { data, sampleRate: 24_000, numChannels: 1, samplesPerChannel: null, itemId: null };
}

/** The frame that a version 2 upstream receives for appended text. */
export function textFrame(text: string): object {
  return {
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
  };
}

export function audioFrame(data: string): object {
  return { type: 'input_audio_buffer.append', audio: data };
}

/** The TCP connection below an upstream socket. */
export function connectionOf({ socket }: UpstreamSocket): Socket {
  return (socket as unknown as { _socket: Socket })._socket;
}
