import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs, LONGEST_DELAY_MS } from '../../src/util/backoff.ts';

describe('the wait before a retry', () => {
  test.each<[name: string, random: number, expected: number[]]>([
    ['the least', 0, [180, 360, 720, 1440, 2880]],
    ['the middle', 0.5, [200, 400, 800, 1600, 3200]],
    ['the most', 0.999_999, [219, 439, 879, 1759, 3519]],
  ])('%s', (_name, random, expected) => {
    expect([1, 2, 3, 4, 5].map((retry) => backoffMs(retry, () => random))).toEqual(expected);
  });

  test('is never longer than the longest, however many there were', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), random, (retry, number) => {
        const delay = backoffMs(retry, () => number);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(180);
        expect(delay).toBeLessThanOrEqual(LONGEST_DELAY_MS);
      }),
    );
  });
});
