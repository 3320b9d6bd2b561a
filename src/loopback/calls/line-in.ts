import { monoToPcm16 } from '../../util/pcm-channel.ts';
import { Resampler } from '../../util/resample.ts';
import type { LoopbackClock } from '../clock.ts';
import { SAMPLE_RATE } from '../realtime/audio-format.ts';
import type { G711Codec } from './g711.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import type { AudioPacket, OrderedAudio } from './jitter-buffer.ts';

export const TELEPHONE_RATE = 8_000;

/** How long later packets wait for a missing one. */
export const REORDER_WAIT_MS = 60;

export interface ReceivedPacket extends AudioPacket {
  /** The source of the stream; each has its own counters. */
  readonly ssrc: number;
}

export interface LineInOptions {
  readonly clock: LoopbackClock;
  readonly codec: G711Codec;
  /** Gets the audio in order, as samples of the loopback's own format. */
  readonly onAudio: (samples: Uint8Array) => void;
}

/** The audio that comes from a caller: packets in any order go in, a stream comes out; what is missing is silence. */
export class LineIn {
  readonly #options: LineInOptions;
  readonly #resampler = new Resampler({ from: TELEPHONE_RATE, to: SAMPLE_RATE });
  #buffer = new JitterBuffer();
  #ssrc: number | null = null;
  #timer: unknown;

  constructor(options: LineInOptions) {
    this.#options = options;
  }

  receive(packet: ReceivedPacket): void {
    if (packet.payload.length === 0) return;
    if (packet.ssrc !== this.#ssrc) {
      this.#buffer = new JitterBuffer();
      this.#ssrc = packet.ssrc;
    }
    this.#play(this.#buffer.push(packet));
  }

  /** Nothing comes out any more. */
  dispose(): void {
    this.#options.clock.clearTimeout(this.#timer);
  }

  #play(pieces: readonly OrderedAudio[]): void {
    const { clock, codec, onAudio } = this.#options;
    if (pieces.length > 0 || !this.#buffer.isWaiting) {
      clock.clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    if (this.#buffer.isWaiting) {
      this.#timer ??= clock.setTimeout(() => {
        this.#timer = undefined;
        this.#play(this.#buffer.release());
      }, REORDER_WAIT_MS);
    }
    for (const { missing, payload } of pieces) {
      const samples = new Float32Array(missing + payload.length);
      samples.set(codec.decode(payload), missing);
      const audio = monoToPcm16(this.#resampler.push(samples));
      if (audio.length > 0) onAudio(audio);
    }
  }
}
