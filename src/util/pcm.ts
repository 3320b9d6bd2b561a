/** How loud a piece of audio is, as parts of full scale (0 to 1). */
export interface Pcm16Level {
  /** Root mean square, without the constant part that some microphones add. */
  readonly rms: number;
  /** The sample that is farthest from zero. */
  readonly peak: number;
}

const FULL_SCALE = 32_768;

/** The level of little-endian 16-bit samples. A last odd byte is ignored; no sample at all is silence. */
export function pcm16Level(bytes: Uint8Array): Pcm16Level {
  const count = Math.floor(bytes.length / 2);
  if (count === 0) return { rms: 0, peak: 0 };
  let sum = 0;
  let squares = 0;
  let peak = 0;
  for (let index = 0; index < 2 * count; index += 2) {
    const sample = ((bytes[index + 1]! << 24) >> 16) | bytes[index]!;
    sum += sample;
    squares += sample * sample;
    const distance = Math.abs(sample);
    if (distance > peak) peak = distance;
  }
  const mean = sum / count;
  const variance = Math.max(0, squares / count - mean * mean);
  return { rms: Math.sqrt(variance) / FULL_SCALE, peak: peak / FULL_SCALE };
}

/** A part of full scale in decibels; silence is `-Infinity`. */
export function decibels(level: number): number {
  return 20 * Math.log10(level);
}

/** Samples between -1 and 1 as little-endian 16-bit values; what lies outside is limited. */
export function pcm16Bytes(samples: Float32Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [index, sample] of samples.entries()) {
    const limited = Math.max(-1, Math.min(1, sample));
    view.setInt16(index * 2, Math.round(limited * (FULL_SCALE - 1)), true);
  }
  return bytes;
}
