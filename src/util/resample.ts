export interface ResamplerOptions {
  /** Samples a second that go in. */
  readonly from: number;
  /** Samples a second that come out. */
  readonly to: number;
}

/** Zero crossings of the kernel on each side: more make the edge of the pass band steeper. */
const ZERO_CROSSINGS = 32;

/** Kernel values kept for each zero crossing; between two of them it is interpolated. */
const STEPS = 512;

/** Where the pass band ends, as a part of the lower of the two half rates; the rest is the slope of the filter. */
const PASS_BAND = 0.92;

/** Shape of the Kaiser window: this value keeps what would alias more than 80 dB down. */
const KAISER_BETA = 8.5;

/**
 * Changes the sample rate of one channel with a windowed-sinc low-pass filter. It takes a stream in pieces of any
 * size, and what comes out does not depend on how it was cut. The output is aligned with the input: sample `k` is the
 * input at `k / to` seconds, and `n` samples in give `ceil(n * to / from)` out.
 */
export class Resampler {
  readonly #from: number;
  readonly #to: number;
  /** How far the kernel is stretched: 1, or less when the rate goes down. */
  readonly #scale: number;
  /** Input samples that the kernel reaches on each side. */
  readonly #reach: number;
  readonly #kernel = sharedKernel();
  /** Input samples that later output still needs; the first one has the index `#firstIndex`. */
  #held: Float32Array;
  #firstIndex: number;
  #inputCount = 0;
  #outputCount = 0;

  constructor({ from, to }: ResamplerOptions) {
    this.#from = from;
    this.#to = to;
    this.#scale = Math.min(1, to / from);
    this.#reach = Math.ceil(ZERO_CROSSINGS / this.#scale);
    this.#held = new Float32Array(this.#reach);
    this.#firstIndex = -this.#reach;
  }

  /** Takes the next samples and gives the output they complete. */
  push(samples: Float32Array): Float32Array {
    this.#inputCount += samples.length;
    if (this.#from === this.#to) return samples.slice();
    this.#hold(samples);
    const complete = this.#inputCount - this.#reach;
    return this.#produce(complete <= 0 ? 0 : outputCount(complete, this.#from, this.#to));
  }

  /** Gives the rest of the output; nothing may be pushed after it. */
  end(): Float32Array {
    if (this.#from === this.#to) return new Float32Array(0);
    this.#hold(new Float32Array(this.#reach));
    return this.#produce(outputCount(this.#inputCount, this.#from, this.#to));
  }

  #hold(samples: Float32Array): void {
    const oldest = Math.floor((this.#outputCount * this.#from) / this.#to) - this.#reach;
    const kept = this.#held.subarray(Math.max(0, Math.min(this.#held.length, oldest - this.#firstIndex)));
    const held = new Float32Array(kept.length + samples.length);
    held.set(kept);
    held.set(samples, kept.length);
    this.#firstIndex += this.#held.length - kept.length;
    this.#held = held;
  }

  #produce(until: number): Float32Array {
    const output = new Float32Array(Math.max(0, until - this.#outputCount));
    for (let index = 0; index < output.length; index += 1) {
      output[index] = this.#sampleAt((this.#outputCount + index) * this.#from);
    }
    this.#outputCount += output.length;
    return output;
  }

  /** The filtered input at `position / to` input samples; a product of integers, so that no error adds up. */
  #sampleAt(position: number): number {
    const whole = Math.floor(position / this.#to);
    const fraction = (position - whole * this.#to) / this.#to;
    const first = whole - this.#reach + 1;
    const step = this.#scale * STEPS;
    let sum = 0;
    for (let tap = 0; tap < 2 * this.#reach; tap += 1) {
      const distance = Math.abs(tap - this.#reach + 1 - fraction) * step;
      const entry = Math.floor(distance);
      if (entry >= ZERO_CROSSINGS * STEPS) continue;
      const below = this.#kernel[entry]!;
      const weight = below + (this.#kernel[entry + 1]! - below) * (distance - entry);
      sum += weight * (this.#held[first + tap - this.#firstIndex] ?? 0);
    }
    return sum * this.#scale;
  }
}

/** Resamples a whole recording. */
export function resample(samples: Float32Array, options: ResamplerOptions): Float32Array {
  const resampler = new Resampler(options);
  const body = resampler.push(samples);
  const rest = resampler.end();
  const output = new Float32Array(body.length + rest.length);
  output.set(body);
  output.set(rest, body.length);
  return output;
}

function outputCount(inputCount: number, from: number, to: number): number {
  return Math.ceil((inputCount * to) / from);
}

let kernelInUse: Float64Array | null = null;

function sharedKernel(): Float64Array {
  kernelInUse ??= makeKernel();
  return kernelInUse;
}

/** The right half of the windowed sinc, at `STEPS` values for each zero crossing. */
function makeKernel(): Float64Array {
  const kernel = new Float64Array(ZERO_CROSSINGS * STEPS + 2);
  for (let index = 0; index <= ZERO_CROSSINGS * STEPS; index += 1) {
    const position = index / STEPS;
    const angle = Math.PI * PASS_BAND * position;
    const sinc = index === 0 ? 1 : Math.sin(angle) / angle;
    const edge = position / ZERO_CROSSINGS;
    kernel[index] =
      PASS_BAND * sinc * (bessel(KAISER_BETA * Math.sqrt(1 - edge * edge)) / bessel(KAISER_BETA));
  }
  return kernel;
}

/** The modified Bessel function of the first kind and order zero, which the Kaiser window is made of. */
function bessel(value: number): number {
  let sum = 1;
  let term = 1;
  for (let index = 1; term > sum * 1e-16; index += 1) {
    term *= (value / (2 * index)) ** 2;
    sum += term;
  }
  return sum;
}
