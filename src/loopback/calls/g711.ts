/** The two ways of G.711 to put a sample into one byte: μ-law (PCMU) and A-law (PCMA). Samples are 16-bit integers. */
export type G711Law = 'PCMU' | 'PCMA';

export interface G711Codec {
  /** One byte for each sample; what is out of range is limited. */
  readonly encode: (samples: Float32Array) => Uint8Array;
  readonly decode: (codes: Uint8Array) => Float32Array;
  /** The byte for a sample of zero. */
  readonly silence: number;
}

/** The lengths of the segments of both laws double, and each has 16 steps. */
const STEP_BITS = 4;

/** What μ-law adds to a sample before it looks for the segment, on the scale of 16 bits. */
const MU_BIAS = 132;
const MU_LIMIT = 32_635;
const A_LIMIT = 32_767;

export function g711Codec(law: G711Law): G711Codec {
  const table = Float32Array.from({ length: 256 }, (_, code) =>
    law === 'PCMU' ? muLawSample(code) : aLawSample(code),
  );
  const encodeSample = law === 'PCMU' ? muLawCode : aLawCode;
  return {
    encode: (samples) => Uint8Array.from(samples, encodeSample),
    decode: (codes) => Float32Array.from(codes, (code) => table[code]!),
    silence: encodeSample(0),
  };
}

function muLawCode(sample: number): number {
  const magnitude = Math.min(MU_LIMIT, Math.abs(Math.round(sample))) + MU_BIAS;
  const segment = 24 - Math.clz32(magnitude);
  const step = (magnitude >> (segment + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (segment << STEP_BITS) | step) & 0xff;
}

function muLawSample(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + MU_BIAS) << ((bits & 0x70) >> STEP_BITS)) - MU_BIAS;
  return (bits & 0x80) === 0 ? magnitude : 0 - magnitude;
}

/** A-law inverts every other bit, so that silence is not a row of equal bits. */
const A_MASK = 0x55;

function aLawCode(sample: number): number {
  const rounded = Math.round(sample);
  const magnitude = Math.min(A_LIMIT, rounded < 0 ? -rounded - 1 : rounded) >> 3;
  const segment = Math.max(0, 27 - Math.clz32(magnitude));
  const step = (magnitude >> Math.max(1, segment)) & 0x0f;
  return ((rounded < 0 ? 0 : 0x80) | (segment << STEP_BITS) | step) ^ A_MASK;
}

function aLawSample(code: number): number {
  const bits = code ^ A_MASK;
  const segment = (bits & 0x70) >> STEP_BITS;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}
