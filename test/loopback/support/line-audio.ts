/** Samples at 8000 Hz on the scale of 16 bits. */

/** A tone that climbs, so that it is like itself at one place only. */
export function chirp(milliseconds: number): Float32Array {
  return Float32Array.from({ length: milliseconds * 8 }, (_, index) => {
    const seconds = index / 8_000;
    return 12_000 * Math.sin(2 * Math.PI * (300 + 500 * seconds) * seconds);
  });
}

export function lineSilence(milliseconds: number): Float32Array {
  return new Float32Array(milliseconds * 8);
}

export function joinedLine(...pieces: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}

/** How alike two signals are at the shift at which they are most alike: 1 is the same but for loudness. */
export function likeness(pattern: Float32Array, signal: Float32Array): number {
  let best = 0;
  for (let shift = 0; shift + pattern.length <= signal.length; shift += 1) {
    let product = 0;
    let energy = 0;
    let patternEnergy = 0;
    for (let index = 0; index < pattern.length; index += 1) {
      const sample = signal[shift + index]!;
      product += pattern[index]! * sample;
      energy += sample * sample;
      patternEnergy += pattern[index]! * pattern[index]!;
    }
    best = Math.max(best, product / Math.sqrt(energy * patternEnergy || 1));
  }
  return best;
}

export function isSilent(samples: Float32Array): boolean {
  return samples.every((sample) => Math.abs(sample) < 16);
}
