import { pcm16ToMono } from '../../util/pcm-channel.ts';
import { Resampler } from '../../util/resample.ts';
import { isSupportedSampleRate } from '../../util/wav.ts';
import { decodeBase64 } from './base64.ts';

const FULL_SCALE = 32_768;

const MAX_CHANNELS = 32;

/** How much may be queued, in seconds: some 15 MB at the usual rate. */
const MAX_SECONDS = 300;

/** Items whose played time is kept; the oldest are forgotten. */
const MAX_ITEMS = 64;

/** A piece of output audio as the daemon sends it. */
export interface PlaybackChunk {
  /** Base64 of interleaved 16-bit little-endian PCM. */
  readonly data: string;
  readonly sampleRate: number;
  readonly numChannels: number;
  readonly itemId: string | null;
}

/**
 * Why a piece was not queued: it is not what it has to be, it belongs to an item that was interrupted, or the queue is
 * full, where the newest piece is the one that is left out.
 */
export type PlaybackRefusal =
  'badSampleRate' | 'badChannels' | 'badBase64' | 'cutSample' | 'interrupted' | 'full';

export interface PlaybackQueueOptions {
  /** Samples a second of the device. */
  readonly sampleRate: number;
  /** Seconds of audio that may be queued. */
  readonly maxSeconds?: number;
}

interface Piece {
  readonly itemId: string | null;
  readonly bytes: Uint8Array;
  readonly sampleRate: number;
  readonly channels: number;
  readonly seconds: number;
}

interface Samples {
  readonly itemId: string | null;
  readonly samples: Float32Array;
}

interface Frames {
  readonly itemId: string | null;
  frames: number;
}

/**
 * What is still to be played, from the pieces that the daemon sends to the samples that a device takes. A device that asks
 * when it needs samples is served by `playInto`. One that is fed ahead of time is served by `take`, and says by `played` what of
 * it has been played. What is interrupted counts as never played, also if the device had taken it.
 */
export class PlaybackQueue {
  readonly #sampleRate: number;
  readonly #maxSeconds: number;
  #waiting: Piece[] = [];
  #waitingSeconds = 0;
  /** Converted for the device, and not yet taken. */
  #ready: Samples[] = [];
  #readyFrames = 0;
  /** Taken by the device, and not yet played. */
  #taken: Frames[] = [];
  #takenFrames = 0;
  #converter: { readonly piece: Piece; readonly resampler: Resampler } | null = null;
  /** What the conversion holds back, in seconds: a millisecond or so that is heard with what follows it. */
  #heldSeconds = 0;
  readonly #played = new Map<string | null, number>();
  #currentItemId: string | null = null;
  #newestItemId: string | null = null;
  #interruptedItemId: string | null = null;

  constructor({ sampleRate, maxSeconds = MAX_SECONDS }: PlaybackQueueOptions) {
    this.#sampleRate = sampleRate;
    this.#maxSeconds = maxSeconds;
  }

  /** Milliseconds that are still to be played, those that the device has taken included. */
  get queuedMs(): number {
    return this.#seconds() * 1_000;
  }

  /** True as long as anything is still to be played. */
  get isPlaying(): boolean {
    return this.#waiting.length > 0 || this.#readyFrames > 0 || this.#takenFrames > 0;
  }

  /** The item that was played last, or plays. */
  get currentItemId(): string | null {
    return this.#currentItemId;
  }

  /** Milliseconds that were played of an item; pieces without an item count together. */
  playedMs(itemId: string | null): number {
    return ((this.#played.get(itemId) ?? 0) * 1_000) / this.#sampleRate;
  }

  /** Takes the next piece. Gives null, or why it will not be played. */
  push({ data, sampleRate, numChannels: channels, itemId }: PlaybackChunk): PlaybackRefusal | null {
    if (!isSupportedSampleRate(sampleRate)) return 'badSampleRate';
    if (!Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS) return 'badChannels';
    const bytes = decodeBase64(data);
    if (bytes === null) return 'badBase64';
    if (bytes.length % (2 * channels) !== 0) return 'cutSample';
    if (itemId !== null && itemId === this.#interruptedItemId) return 'interrupted';
    const seconds = bytes.length / (2 * channels * sampleRate);
    if (this.#seconds() + seconds > this.#maxSeconds) return 'full';
    this.#newestItemId = itemId;
    if (bytes.length === 0) return null;
    this.#waiting.push({ itemId, bytes, sampleRate, channels, seconds });
    this.#waitingSeconds += seconds;
    return null;
  }

  /** Gives the next samples, between -1 and 1, of one channel: as many as asked for, or all there are. */
  take(frames: number): Float32Array<ArrayBuffer> {
    while (this.#readyFrames < frames && this.#convertNext());
    const samples = new Float32Array(Math.min(frames, this.#readyFrames));
    for (let at = 0; at < samples.length;) {
      const next = this.#ready.shift()!;
      const part = next.samples.subarray(0, samples.length - at);
      samples.set(part, at);
      at += part.length;
      if (part.length < next.samples.length) {
        this.#ready.unshift({ itemId: next.itemId, samples: next.samples.subarray(part.length) });
      }
      this.#noteTaken(next.itemId, part.length);
    }
    this.#readyFrames -= samples.length;
    return samples;
  }

  /** The device has played so many of the samples that it took. */
  played(frames: number): void {
    let left = frames;
    while (left > 0 && this.#taken.length > 0) {
      const oldest = this.#taken[0]!;
      const count = Math.min(left, oldest.frames);
      oldest.frames -= count;
      left -= count;
      this.#takenFrames -= count;
      this.#notePlayed(oldest.itemId, count);
      if (oldest.frames === 0) this.#taken.shift();
    }
    // Whatever comes next comes too late to be joined to what was played.
    if (!this.isPlaying) this.#endStream();
  }

  /**
   * Fills the channels of a device, all with the same, and counts it as played. What is missing is silence. Gives how many
   * samples were not silence for want of audio.
   */
  playInto(channels: readonly Float32Array[]): number {
    const [first] = channels;
    if (first === undefined) return 0;
    let count = 0;
    while (count < first.length) {
      const samples = this.take(first.length - count);
      if (samples.length === 0 && !this.#endStream()) break;
      first.set(samples, count);
      count += samples.length;
      this.played(samples.length);
    }
    first.fill(0, count);
    for (const channel of channels.slice(1)) channel.set(first);
    return count;
  }

  /**
   * Someone speaks over the answer: throws away what is not yet played, and what still comes of the newest item. What the
   * device has taken must be thrown away there. Gives true if there was anything left to play.
   */
  interrupt(): boolean {
    const wasPlaying = this.isPlaying;
    this.#waiting = [];
    this.#waitingSeconds = 0;
    this.#ready = [];
    this.#readyFrames = 0;
    this.#taken = [];
    this.#takenFrames = 0;
    this.#converter = null;
    this.#heldSeconds = 0;
    this.#interruptedItemId = this.#newestItemId;
    return wasPlaying;
  }

  #seconds(): number {
    const converted = (this.#readyFrames + this.#takenFrames) / this.#sampleRate;
    return this.#waitingSeconds + this.#heldSeconds + converted;
  }

  /** Converts the oldest piece that waits; gives false if there is none. */
  #convertNext(): boolean {
    const piece = this.#waiting.shift();
    if (piece === undefined) return false;
    this.#waitingSeconds = this.#waiting.length === 0 ? 0 : this.#waitingSeconds - piece.seconds;
    const last = this.#converter?.piece;
    if (last?.itemId !== piece.itemId || last.sampleRate !== piece.sampleRate) this.#endStream();
    this.#converter ??= {
      piece,
      resampler: new Resampler({ from: piece.sampleRate, to: this.#sampleRate }),
    };
    const samples = this.#converter.resampler.push(pcm16ToMono(piece.bytes, piece.channels));
    this.#heldSeconds += piece.seconds - samples.length / this.#sampleRate;
    this.#makeReady(piece.itemId, samples);
    return true;
  }

  /** Makes ready what the conversion holds back to join it to what follows; gives false if that is nothing. */
  #endStream(): boolean {
    if (this.#converter === null) return false;
    const { piece, resampler } = this.#converter;
    this.#converter = null;
    this.#heldSeconds = 0;
    const rest = resampler.end();
    this.#makeReady(piece.itemId, rest);
    return rest.length > 0;
  }

  #makeReady(itemId: string | null, samples: Float32Array): void {
    if (samples.length === 0) return;
    this.#ready.push({ itemId, samples: samples.map((sample) => sample / FULL_SCALE) });
    this.#readyFrames += samples.length;
  }

  #noteTaken(itemId: string | null, frames: number): void {
    const newest = this.#taken.at(-1);
    if (newest?.itemId === itemId) newest.frames += frames;
    else this.#taken.push({ itemId, frames });
    this.#takenFrames += frames;
  }

  #notePlayed(itemId: string | null, frames: number): void {
    this.#currentItemId = itemId;
    const before = this.#played.get(itemId) ?? 0;
    this.#played.set(itemId, before + frames);
    if (this.#played.size <= MAX_ITEMS) return;
    for (const oldest of this.#played.keys()) {
      if (oldest === itemId) continue;
      this.#played.delete(oldest);
      return;
    }
  }
}
