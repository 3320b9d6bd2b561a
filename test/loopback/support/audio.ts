import { pcm16Bytes } from '../../../src/util/pcm.ts';

const SAMPLES_PER_MS = 24;

/** A tone of half the full scale, which is as good as speech to a detector of energy. */
export function tone(milliseconds: number, amplitude = 0.5): Uint8Array {
  const samples = new Float32Array(milliseconds * SAMPLES_PER_MS);
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = amplitude * Math.sin((2 * Math.PI * 400 * index) / 24_000);
  }
  return pcm16Bytes(samples);
}

export function silence(milliseconds: number): Uint8Array {
  return new Uint8Array(milliseconds * SAMPLES_PER_MS * 2);
}

export function joined(...pieces: Uint8Array[]): Uint8Array {
  return Buffer.concat(pieces);
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
