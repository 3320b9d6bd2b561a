import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shortened } from '../../src/util/shortened.ts';

it.each([
  ['fits', 'abc', 3, 'abc'],
  ['is too long', 'abcd', 3, 'abc…'],
  ['has room for half a character', 'ab😀', 3, 'ab…'],
  ['has room for the whole character', 'a😀b', 3, 'a😀…'],
  ['has no room', 'abc', 0, '…'],
])('a text that %s', (_case, text, length, shown) => {
  expect(shortened(text, length)).toBe(shown);
});

it('a shortened text is a beginning of the whole, and well formed where that is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, length) => {
      const shown = shortened(text, length);
      expect(shown.length).toBeLessThanOrEqual(Math.max(text.length, length + 1));
      expect(shown === text || text.startsWith(shown.slice(0, -1))).toBe(true);
      expect(Buffer.from(shown).toString()).toBe(shown);
    }),
  );
});
