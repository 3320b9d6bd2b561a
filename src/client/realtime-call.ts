import type {
  NotificationName,
  NotificationParamsOf,
  RealtimeConversationVersion,
} from '../protocol/index.ts';
import { encodeBase64 } from '../util/base64.ts';
import { deferred } from '../util/deferred.ts';
import type { Client } from './client.ts';
import { exitText } from './daemon-process.ts';
import { InFlightWindow } from './in-flight-window.ts';
import { RealtimeCallError } from './realtime-call-events.ts';
import type { RealtimeCallEnd, RealtimeCallEvents } from './realtime-call-events.ts';

/** Input frames that may be unanswered at once, and calls of `appendAudio` that may wait behind them. */
const AUDIO_WINDOW = { inFlight: 8, waiting: 256 };

const STOP_TIMEOUT_MS = 5_000;

/** Input audio: interleaved 16-bit little-endian PCM. */
export interface RealtimeInputAudio {
  readonly pcm: Uint8Array;
  readonly sampleRate: number;
  readonly numChannels: number;
}

/** One live voice session of a thread, from its start to its end. Made by `startRealtimeCall`. */
export class RealtimeCall {
  readonly threadId: string;
  /** How the call ended. It never rejects. */
  readonly closed: Promise<RealtimeCallEnd>;
  readonly #client: Client;
  readonly #events: RealtimeCallEvents;
  readonly #started = deferred();
  readonly #end = deferred<RealtimeCallEnd>();
  readonly #window = new InFlightWindow(AUDIO_WINDOW.inFlight);
  readonly #subscriptions: readonly (() => void)[];
  #state: 'starting' | 'live' | 'ended' = 'starting';
  #version: RealtimeConversationVersion | null = null;
  #lastErrorMessage: string | null = null;
  #refusal: unknown = null;
  #stopping: Promise<RealtimeCallEnd> | null = null;

  constructor(client: Client, threadId: string, events: RealtimeCallEvents) {
    this.#client = client;
    this.#events = events;
    this.threadId = threadId;
    this.closed = this.#end.promise;
    this.#subscriptions = this.#subscribe();
    // Whether anyone waits for the start is the starter's affair.
    this.#started.promise.catch(() => {});
    void client.closed.then((exit) => {
      this.fail(new RealtimeCallError('failed', `the daemon ${exitText(exit)} before the call was up`));
      this.#finish({ kind: 'disconnected', exit });
    });
  }

  /** Resolves when the session is up; rejects when it will not be. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  /** The version of the realtime protocol in use; null before the session is up. */
  get version(): RealtimeConversationVersion | null {
    return this.#version;
  }

  /**
   * Sends input audio. Resolves when it is on its way, which is late while eight frames are unanswered: wait for it
   * before the next frame. Rejects with the error answer to an earlier frame, and with `RealtimeCallError` when the
   * call is over or far too many calls wait.
   */
  async appendAudio({ pcm, sampleRate, numChannels }: RealtimeInputAudio): Promise<void> {
    this.#throwRefusal();
    if (this.#window.waiting >= AUDIO_WINDOW.waiting) {
      throw new RealtimeCallError('overrun', 'audio is appended faster than it is taken');
    }
    const isIn = this.#window.tryEnter() || (await this.#window.turn());
    if (!isIn) throw overError();
    const samplesPerChannel = Math.floor(pcm.length / (2 * Math.max(1, numChannels)));
    const audio = { data: encodeBase64(pcm), sampleRate, numChannels, samplesPerChannel };
    this.#client
      .request('thread/realtime/appendAudio', { threadId: this.threadId, audio })
      .catch((error: unknown) => {
        this.#refusal ??= error;
      })
      .finally(() => this.#window.leave());
  }

  /** Resolves when every frame has been answered; rejects with an error answer that was not yet reported. */
  async audioTaken(): Promise<void> {
    await Promise.race([this.#window.idle(), this.closed]);
    this.#throwRefusal();
  }

  /** Adds a text of the user to the conversation. */
  async appendText(text: string): Promise<void> {
    if (this.#isOver()) throw overError();
    await this.#client.request('thread/realtime/appendText', { threadId: this.threadId, text });
  }

  /** Ends the call and gives how it ended. Calling it again, or when the call is over, does nothing more. */
  stop(): Promise<RealtimeCallEnd> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Rejects `started`, if the session is not yet up. */
  fail(error: unknown): void {
    this.#started.reject(error);
  }

  async #stop(): Promise<RealtimeCallEnd> {
    if (this.#isOver()) return this.closed;
    const timer = setTimeout(() => this.#finish({ kind: 'unconfirmed' }), STOP_TIMEOUT_MS);
    const { threadId } = this;
    try {
      await this.#client.request('thread/realtime/stop', { threadId }, { timeoutMs: STOP_TIMEOUT_MS });
      return await this.closed;
    } catch (error) {
      // How the call ended says more than a request that failed because of it.
      if (this.#isOver()) return this.closed;
      this.#finish({ kind: 'unconfirmed' });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #subscribe(): (() => void)[] {
    return [
      this.#on('thread/realtime/started', ({ version }) => {
        if (this.#state !== 'starting') return;
        this.#state = 'live';
        this.#version = version;
        this.#started.resolve();
      }),
      this.#on('thread/realtime/error', ({ message }) => {
        this.#lastErrorMessage = message;
        this.fail(new RealtimeCallError('failed', message));
        if (this.#state === 'live') this.#events.onError?.(message);
      }),
      this.#on('thread/realtime/closed', ({ reason }) => {
        this.fail(new RealtimeCallError('failed', 'the call was closed before it was up'));
        const errorMessage = reason === 'error' ? this.#lastErrorMessage : null;
        this.#finish({ kind: 'closed', reason, errorMessage });
      }),
      this.#on('thread/realtime/outputAudio/delta', ({ audio }) => {
        if (this.#state === 'live') this.#events.onAudio?.(audio);
      }),
      this.#on('thread/realtime/transcript/delta', ({ role, delta }) => {
        if (this.#state === 'live') this.#events.onTranscriptDelta?.(role, delta);
      }),
      this.#on('thread/realtime/transcript/done', ({ role, text }) => {
        if (this.#state === 'live') this.#events.onTranscriptDone?.(role, text);
      }),
      this.#on('thread/realtime/itemAdded', ({ item }) => {
        if (this.#state === 'live') this.#events.onItem?.(item);
      }),
    ];
  }

  /** Listens to the notifications of this thread. */
  #on<N extends RealtimeNotification>(
    name: N,
    listener: (params: NotificationParamsOf<N>) => void,
  ): () => void {
    return this.#client.on(name, (params) => {
      if ((params as { readonly threadId: string }).threadId === this.threadId) listener(params);
    });
  }

  #finish(end: RealtimeCallEnd): void {
    if (this.#isOver()) return;
    this.#state = 'ended';
    this.#window.close();
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#end.resolve(end);
  }

  #isOver(): boolean {
    return this.#state === 'ended';
  }

  #throwRefusal(): void {
    const refusal = this.#refusal;
    this.#refusal = null;
    if (refusal !== null) throw refusal;
  }
}

type RealtimeNotification = Extract<NotificationName, `thread/realtime/${string}`>;

function overError(): RealtimeCallError {
  return new RealtimeCallError('ended', 'the call is over');
}
