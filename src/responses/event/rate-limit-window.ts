const INT32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };

/** A percentage as clients are told it: a whole number of 32 bits. */
export function percentOf(value: number): number {
  return Math.min(INT32.max, Math.max(INT32.min, Math.round(value)));
}
