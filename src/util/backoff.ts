const FIRST_DELAY_MS = 200;

/** No wait between two attempts is longer, whatever the count of attempts or the provider say. */
export const LONGEST_DELAY_MS = 60_000;

/**
 * The wait before the n-th retry (1, 2, …), in milliseconds: 200, doubled each time, give or take a tenth.
 * `random` gives numbers from 0 up to 1.
 */
export function backoffMs(retry: number, random: () => number): number {
  const delay = FIRST_DELAY_MS * 2 ** (retry - 1) * (0.9 + 0.2 * random());
  return Math.min(LONGEST_DELAY_MS, Math.floor(delay));
}
