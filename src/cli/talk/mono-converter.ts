import { monoToPcm16, pcm16ToMono } from '../../util/pcm-channel.ts';
import { Resampler } from '../../util/resample.ts';
import type { PcmFormat } from '../../util/wav.ts';
import { SAMPLE_RATE } from './audio-format.ts';

/** Turns a stream of PCM of any rate, mono or stereo, into PCM of one channel at 24 kHz. */
export class MonoConverter {
  readonly #format: PcmFormat;
  readonly #resampler: Resampler;
  /** The start of a sample frame whose rest is in the next piece. */
  #partial: Uint8Array = new Uint8Array(0);

  constructor(format: PcmFormat) {
    this.#format = format;
    this.#resampler = new Resampler({ from: format.sampleRate, to: SAMPLE_RATE });
  }

  /** Takes bytes cut anywhere and gives the PCM they complete. */
  push(bytes: Uint8Array): Uint8Array {
    const joined = this.#partial.length === 0 ? bytes : Buffer.concat([this.#partial, bytes]);
    const { channels, sampleRate } = this.#format;
    const whole = joined.length - (joined.length % (2 * channels));
    this.#partial = joined.slice(whole);
    const complete = joined.subarray(0, whole);
    if (channels === 1 && sampleRate === SAMPLE_RATE) return complete;
    return monoToPcm16(this.#resampler.push(pcm16ToMono(complete, channels)));
  }

  /** Gives the rest; a cut-off sample is dropped. Nothing may be pushed after it. */
  end(): Uint8Array {
    return monoToPcm16(this.#resampler.end());
  }
}
