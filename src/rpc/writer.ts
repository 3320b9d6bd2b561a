import type { Writable } from 'node:stream';
import { AbstractMessageWriter } from 'vscode-jsonrpc/node';
import type { Message, MessageWriter } from 'vscode-jsonrpc/node';
import type { RawId } from './envelope.ts';
import type { InboundIds } from './inbound-ids.ts';

/** Above this many unsent bytes the peer counts as slow, until everything has been sent. */
const SLOW_PEER_BYTES = 4 * 1024 * 1024;

const WRITTEN = Promise.resolve();

export interface FramedWriterOptions {
  readonly output: Writable;
  readonly ids: InboundIds;
  /** Takes the id of each request that goes out. */
  readonly awaitedIds: Set<number>;
  /** Called with true when the peer falls behind, and with false when it has caught up. */
  readonly onBacklog: (isBacklogged: boolean) => void;
}

interface OutboundMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/**
 * Writes messages for vscode-jsonrpc to a byte stream, one JSON object a line without a `jsonrpc` member, or behind
 * `Content-Length` headers with one. What is written in one go of the event loop is one write to the stream.
 */
export class FramedWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #options: FramedWriterOptions;
  #framing: 'lines' | 'headers' = 'lines';
  #pending: string[] = [];
  #pendingLength = 0;
  #isFlushScheduled = false;
  #isDraining = false;
  #isBacklogged = false;
  #isBroken = false;
  #whenEmpty: (() => void)[] = [];

  constructor(options: FramedWriterOptions) {
    super();
    this.#options = options;
    options.output.on('drain', () => {
      this.#isDraining = false;
      this.#flush();
    });
    options.output.on('error', (error: Error) => this.#break(error));
    options.output.once('close', () => this.#break(null));
  }

  get isBacklogged(): boolean {
    return this.#isBacklogged;
  }

  useFraming(framing: 'lines' | 'headers'): void {
    this.#framing = framing;
  }

  write(message: Message): Promise<void> {
    const outbound = message as OutboundMessage;
    if (outbound.method !== undefined) this.#send(this.#request(outbound));
    else this.#answer(outbound);
    return WRITTEN;
  }

  /** Refuses a message that never became a request. */
  writeError(id: RawId | null, error: { code: number; message: string; data?: unknown }): void {
    this.#send(`"error":${JSON.stringify(error)},"id":${id ?? 'null'}}`);
  }

  /** Resolves when everything written so far has been handed to the operating system, or never can be. */
  flushed(): Promise<void> {
    this.#flush();
    return new Promise((resolve) => {
      if (this.#isEmpty()) resolve();
      else this.#whenEmpty.push(resolve);
    });
  }

  end(): void {
    this.#flush();
    this.#options.output.end();
  }

  #request({ id, method, params }: OutboundMessage): string {
    if (id !== undefined) this.#options.awaitedIds.add(id);
    const body = params === undefined ? '}' : `,"params":${JSON.stringify(params)}}`;
    return `"method":${JSON.stringify(method)}${id === undefined ? '' : `,"id":${id}`}${body}`;
  }

  #answer({ id, result, error }: OutboundMessage): void {
    if (id === undefined) return;
    this.#options.ids.answer(id, (rawId) => {
      if (error !== undefined) this.#send(`"error":${JSON.stringify(error)},"id":${rawId}}`);
      else this.#send(`"id":${rawId},"result":${JSON.stringify(result)}}`);
    });
  }

  /** Takes a JSON object without its opening brace. */
  #send(body: string): void {
    if (this.#isBroken) return;
    const framed = this.#framing === 'lines' ? `{${body}\n` : withHeader(`{"jsonrpc":"2.0",${body}`);
    this.#pending.push(framed);
    this.#pendingLength += framed.length;
    this.#noteBacklog();
    if (this.#isFlushScheduled || this.#isDraining) return;
    this.#isFlushScheduled = true;
    queueMicrotask(() => {
      this.#isFlushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (!this.#isDraining && this.#pending.length > 0) {
      const text = this.#pending.length === 1 ? this.#pending[0]! : this.#pending.join('');
      this.#pending = [];
      this.#pendingLength = 0;
      this.#isDraining = !this.#options.output.write(text, 'utf8', () => this.#noteProgress());
    }
    this.#noteProgress();
  }

  #noteProgress(): void {
    this.#noteBacklog();
    if (!this.#isEmpty()) return;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  #noteBacklog(): void {
    const bytes = this.#pendingLength + this.#options.output.writableLength;
    const isBacklogged = this.#isBacklogged ? bytes > 0 : bytes > SLOW_PEER_BYTES;
    if (isBacklogged === this.#isBacklogged) return;
    this.#isBacklogged = isBacklogged;
    this.#options.onBacklog(isBacklogged);
  }

  #isEmpty(): boolean {
    return this.#isBroken || (this.#pending.length === 0 && this.#options.output.writableLength === 0);
  }

  /** The peer is gone: what is left can no longer be sent, and nobody may wait for it. */
  #break(error: Error | null): void {
    if (error !== null) this.fireError(error);
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#pending = [];
    this.#pendingLength = 0;
    this.#noteProgress();
    this.fireClose();
  }
}

function withHeader(json: string): string {
  return `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}
