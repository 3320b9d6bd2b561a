import { decodeBase64 } from '../../util/base64.ts';
import { isSupportedSampleRate } from '../../util/wav.ts';
import type { PcmFormat } from '../../util/wav.ts';
import { SAMPLE_RATE } from './audio-format.ts';
import { MonoConverter } from './mono-converter.ts';
import { Playhead } from './playhead.ts';

/** A piece of output audio as the daemon sends it. */
export interface AnswerChunk {
  readonly data: string;
  readonly sampleRate: number;
  readonly numChannels: number;
  readonly itemId: string | null;
}

/** Where the answers are kept. */
export interface AnswerFile {
  readonly dataBytes: number;
  append(bytes: Uint8Array): void;
  truncate(dataBytes: number): void;
}

/**
 * The audio of the answers, back to back, as far as it was played: what an interruption cut off is taken back, and what
 * still comes of the interrupted item is dropped.
 */
export class AnswerAudio {
  readonly #file: AnswerFile | null;
  readonly #playhead = new Playhead();
  #format: PcmFormat = { sampleRate: SAMPLE_RATE, channels: 1 };
  #converter = new MonoConverter(this.#format);
  #newestItemId: string | null = null;
  #interruptedItemId: string | null = null;

  constructor(file: AnswerFile | null) {
    this.#file = file;
  }

  isPlaying(now: number): boolean {
    return this.#playhead.isPlaying(now);
  }

  /** Takes the next piece. Gives its bytes, `late` for a piece of what was interrupted, `bad` if it is no audio. */
  receive(chunk: AnswerChunk, now: number): number | 'late' | 'bad' {
    const bytes = decodeBase64(chunk.data);
    const { sampleRate, numChannels: channels, itemId } = chunk;
    if (bytes === null || channels < 1 || !isSupportedSampleRate(sampleRate)) return 'bad';
    if (itemId !== null && itemId === this.#interruptedItemId) return 'late';
    this.#newestItemId = itemId;
    if (sampleRate !== this.#format.sampleRate || channels !== this.#format.channels) {
      this.#play(this.#converter.end(), now);
      this.#format = { sampleRate, channels };
      this.#converter = new MonoConverter(this.#format);
    }
    this.#play(this.#converter.push(bytes), now);
    return bytes.length;
  }

  /** Someone speaks over the answer. Gives true if some of it was still to be played. */
  interrupt(now: number): boolean {
    const wasPlaying = this.#playhead.isPlaying(now);
    const unplayed = this.#playhead.interrupt(now);
    if (!wasPlaying) return false;
    this.#converter = new MonoConverter(this.#format);
    this.#interruptedItemId = this.#newestItemId;
    this.#file?.truncate(this.#file.dataBytes - unplayed);
    return true;
  }

  /** Writes what the conversion still holds back. */
  end(now: number): void {
    this.#play(this.#converter.end(), now);
    this.#converter = new MonoConverter(this.#format);
  }

  #play(pcm: Uint8Array, now: number): void {
    if (pcm.length === 0) return;
    this.#playhead.received(pcm.length, now);
    this.#file?.append(pcm);
  }
}
