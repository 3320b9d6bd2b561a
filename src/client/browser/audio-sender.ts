import { encodeBase64, REALTIME_SAMPLE_RATE } from '../voice/index.ts';
import { InFlightWindow } from '../in-flight-window.ts';
import type { BrowserClient } from './browser-client.ts';

/** Requests that may be unanswered at once. */
const MAX_IN_FLIGHT = 8;

/** What may wait behind them: three seconds. Of more the oldest is dropped, as the service hears it too late anyway. */
const MAX_WAITING_BYTES = 3 * 2 * REALTIME_SAMPLE_RATE;

/** What one request carries at most: 200 ms. */
const MAX_REQUEST_BYTES = (2 * REALTIME_SAMPLE_RATE) / 5;

const APPEND_TIMEOUT_MS = 30_000;

export interface AudioSenderOptions {
  readonly client: BrowserClient;
  readonly threadId: string;
  /** The daemon takes the audio too slowly, and some was dropped. Told once for each time that it falls behind. */
  readonly onDropped: () => void;
  /** A piece was refused, or not answered. Told once; nothing is sent any more. */
  readonly onFailed: (error: unknown) => void;
}

/** Sends PCM of the session's format, with a bounded number of requests under way. */
export class AudioSender {
  readonly #options: AudioSenderOptions;
  readonly #window = new InFlightWindow(MAX_IN_FLIGHT);
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #isBehind = false;
  #isClosed = false;

  constructor(options: AudioSenderOptions) {
    this.#options = options;
  }

  /** Sends the next piece of the stream; an empty one is skipped. */
  send(pcm: Uint8Array): void {
    if (this.#isClosed || pcm.length === 0) return;
    this.#waiting.push(pcm);
    this.#waitingBytes += pcm.length;
    this.#sendWaiting();
    if (this.#waitingBytes <= MAX_WAITING_BYTES) return;
    while (this.#waitingBytes > MAX_WAITING_BYTES) this.#takeOldest();
    if (!this.#isBehind) this.#options.onDropped();
    this.#isBehind = true;
  }

  /** Sends nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.#window.close();
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #sendWaiting(): void {
    while (this.#waiting.length > 0 && this.#window.tryEnter()) {
      const pcm = this.#takeRequest();
      const audio = {
        data: encodeBase64(pcm),
        sampleRate: REALTIME_SAMPLE_RATE,
        numChannels: 1,
        samplesPerChannel: pcm.length / 2,
      };
      const { client, threadId } = this.#options;
      client
        .request('thread/realtime/appendAudio', { threadId, audio }, { timeoutMs: APPEND_TIMEOUT_MS })
        .catch((error: unknown) => {
          if (this.#isClosed) return;
          this.close();
          this.#options.onFailed(error);
        })
        .finally(() => {
          this.#window.leave();
          if (!this.#isClosed) this.#sendWaiting();
        });
    }
    if (this.#waiting.length === 0) this.#isBehind = false;
  }

  /** Joins what waits to one piece of a bounded size. */
  #takeRequest(): Uint8Array {
    const oldest = this.#takeOldest();
    const pieces = [oldest];
    let { length } = oldest;
    while (length + (this.#waiting[0]?.length ?? Infinity) <= MAX_REQUEST_BYTES) {
      const piece = this.#takeOldest();
      pieces.push(piece);
      length += piece.length;
    }
    const joined = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }

  #takeOldest(): Uint8Array {
    const piece = this.#waiting.shift()!;
    this.#waitingBytes -= piece.length;
    return piece;
  }
}
