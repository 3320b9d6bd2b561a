import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Resampler, resample } from '../../src/util/resample.ts';

const RATES = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000];

function sine(frequency: number, rate: number, seconds: number): Float32Array {
  const samples = new Float32Array(Math.round(rate * seconds));
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = 10_000 * Math.sin((2 * Math.PI * frequency * index) / rate);
  }
  return samples;
}

/** What is left of the middle half when the part at one frequency is taken out, whatever its level and phase. */
function withoutTone(samples: Float32Array, frequency: number, rate: number): Float32Array {
  const middle = samples.slice(samples.length / 4, (samples.length * 3) / 4);
  const angle = (index: number): number => (2 * Math.PI * frequency * index) / rate;
  let [inPhase, quadrature] = [0, 0];
  middle.forEach((sample, index) => {
    inPhase += (2 * sample * Math.cos(angle(index))) / middle.length;
    quadrature += (2 * sample * Math.sin(angle(index))) / middle.length;
  });
  return middle.map(
    (sample, index) => sample - inPhase * Math.cos(angle(index)) - quadrature * Math.sin(angle(index)),
  );
}

/** The level of the middle half, where the edges of the recording have no part in the filter, against a full sine. */
function gainInDecibels(samples: Float32Array): number {
  const middle = samples.subarray(samples.length / 4, (samples.length * 3) / 4);
  const power = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length;
  return 10 * Math.log10(power / (10_000 ** 2 / 2) + 1e-20);
}

describe('resampling to 24 kHz', () => {
  it.each(RATES)('gives the length that the duration at %i Hz asks for', (rate) => {
    for (const count of [0, 1, 7, rate / 25, rate]) {
      const samples = Math.floor(count);
      const output = resample(new Float32Array(samples), { from: rate, to: 24_000 });
      expect(output.length).toBe(Math.ceil((samples * 24_000) / rate));
    }
  });

  it.each(RATES)('keeps a tone of the pass band from %i Hz, in level, phase and place', (rate) => {
    const frequency = 0.4 * Math.min(rate, 24_000);
    const output = resample(sine(frequency, rate, 0.4), { from: rate, to: 24_000 });
    expect(Math.abs(gainInDecibels(output))).toBeLessThan(0.05);
    const expected = sine(frequency, 24_000, 0.4);
    let worst = 0;
    for (let index = output.length / 4; index < (output.length * 3) / 4; index += 1) {
      worst = Math.max(worst, Math.abs(output[Math.floor(index)]! - expected[Math.floor(index)]!));
    }
    expect(worst).toBeLessThan(30);
  });

  it.each([32_000, 44_100, 48_000, 96_000])('keeps out what would alias from %i Hz', (rate) => {
    for (const frequency of [12_100, 14_000, rate / 2 - 500]) {
      expect(gainInDecibels(resample(sine(frequency, rate, 0.4), { from: rate, to: 24_000 }))).toBeLessThan(
        -70,
      );
    }
  });

  it.each([8_000, 11_025, 16_000, 22_050])('adds no image above the half rate of %i Hz', (rate) => {
    const frequency = rate * 0.45;
    const output = resample(sine(frequency, rate, 0.5), { from: rate, to: 24_000 });
    expect(gainInDecibels(withoutTone(output, frequency, 24_000))).toBeLessThan(-70);
  });

  it('leaves a constant as it is', () => {
    for (const rate of RATES) {
      const output = resample(new Float32Array(rate / 5).fill(1000), { from: rate, to: 24_000 });
      for (const sample of output.subarray(output.length / 4, output.length / 2)) {
        expect(Math.abs(sample - 1000)).toBeLessThan(1);
      }
    }
  });

  it('does not depend on how the stream was cut', () => {
    const rates = fc.tuple(fc.constantFrom(...RATES, 24_000, 23_999), fc.constantFrom(24_000, 16_000));
    const cuts = fc.array(fc.nat(200), { maxLength: 12 });
    const values = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 600 });
    fc.assert(
      fc.property(rates, cuts, values, ([from, to], sizes, numbers) => {
        const samples = Float32Array.from(numbers);
        const resampler = new Resampler({ from, to });
        const output: number[] = [];
        let position = 0;
        for (const size of sizes) {
          output.push(...resampler.push(samples.subarray(position, position + size)));
          position = Math.min(samples.length, position + size);
        }
        output.push(...resampler.push(samples.subarray(position)), ...resampler.end());
        expect(Float32Array.from(output)).toEqual(resample(samples, { from, to }));
      }),
      { numRuns: 150 },
    );
  });
});
