import { pcm16Bytes } from '../../util/pcm.ts';
import { Resampler } from '../../util/resample.ts';
import { REALTIME_SAMPLE_RATE } from './realtime-format.ts';

/** Turns what a device records on one channel into what a session takes, as a stream. */
export class MicrophoneEncoder {
  readonly #resampler: Resampler;

  /** Takes the samples a second of the device. */
  constructor(deviceSampleRate: number) {
    this.#resampler = new Resampler({ from: deviceSampleRate, to: REALTIME_SAMPLE_RATE });
  }

  /** Takes samples between -1 and 1 and gives the PCM they complete, which may be empty. */
  push(samples: Float32Array): Uint8Array {
    return pcm16Bytes(this.#resampler.push(samples));
  }
}
