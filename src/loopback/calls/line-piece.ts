import { pcm16ToMono } from '../../util/pcm-channel.ts';
import { Resampler } from '../../util/resample.ts';
import { SAMPLE_RATE } from '../realtime/audio-format.ts';
import type { VoicePiece, VoicePieceListener } from '../realtime/voice-output.ts';
import type { G711Codec } from './g711.ts';
import { TELEPHONE_RATE } from './line-in.ts';

/** The audio of one answer, coded as it comes and taken out frame by frame. */
export class LinePiece implements VoicePiece {
  readonly #codec: G711Codec;
  readonly #listener: VoicePieceListener;
  readonly #resampler = new Resampler({ from: SAMPLE_RATE, to: TELEPHONE_RATE });
  #blocks: Uint8Array[] = [];
  #waiting = 0;
  #taken = 0;
  #isFinished = false;
  #isCut = false;

  constructor(codec: G711Codec, listener: VoicePieceListener) {
    this.#codec = codec;
    this.#listener = listener;
  }

  /** True when nothing is left of it and nothing will follow. */
  get isOver(): boolean {
    return this.#isFinished && this.#waiting === 0;
  }

  write(samples: Uint8Array): void {
    if (!this.#isFinished) this.#add(this.#resampler.push(pcm16ToMono(samples, 1)));
  }

  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#add(this.#resampler.end());
  }

  cut(): number {
    this.#isFinished = true;
    this.#isCut = true;
    this.#blocks = [];
    this.#waiting = 0;
    return Math.floor(this.#taken / (TELEPHONE_RATE / 1000));
  }

  /** Moves the next codes into a frame and gives their number. As long as more is to come, it fills the frame or waits. */
  take(frame: Uint8Array): number {
    if (this.#waiting === 0 || (this.#waiting < frame.length && !this.#isFinished)) return 0;
    if (this.#taken === 0) this.#listener.started();
    let filled = 0;
    while (filled < frame.length) {
      const [block] = this.#blocks;
      if (block === undefined) break;
      const part = block.subarray(0, frame.length - filled);
      frame.set(part, filled);
      filled += part.length;
      if (part.length === block.length) this.#blocks.shift();
      else this.#blocks[0] = block.subarray(part.length);
    }
    this.#waiting -= filled;
    this.#taken += filled;
    return filled;
  }

  tellEnded(): void {
    if (!this.#isCut) this.#listener.ended();
  }

  #add(samples: Float32Array): void {
    if (samples.length === 0) return;
    this.#blocks.push(this.#codec.encode(samples));
    this.#waiting += samples.length;
  }
}
