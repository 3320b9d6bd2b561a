import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNestedDeeper } from '../../src/util/nesting.ts';

test.each([
  [1, 0, false],
  [null, 0, false],
  [{}, 0, true],
  [{}, 1, false],
  [{ a: 1 }, 1, false],
  [{ a: [] }, 1, true],
  [{ a: [] }, 2, false],
  [{ a: [1, { b: null }] }, 2, true],
  [{ a: [1, { b: null }] }, 3, false],
])('%j is deeper than %i: %s', (value, limit, expected) => {
  expect(isNestedDeeper(value, limit)).toBe(expected);
});

test('can be asked about anything that JSON can hold', () => {
  const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) as unknown;
  expect(isNestedDeeper(deep, 64)).toBe(true);
});

test('agrees with a recursive count', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(8), (value, limit) => {
      expect(isNestedDeeper(value, limit)).toBe(depthOf(value) > limit);
    }),
  );
});
