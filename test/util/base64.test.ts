import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/util/base64.ts';

test('gives back any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect([...(decodeBase64(encodeBase64(bytes)) ?? [])]).toEqual([...bytes]);
    }),
  );
});

test('encodes a view as what it shows, not what lies under it', () => {
  expect(encodeBase64(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe('AgM=');
});

test.each([
  'A',
  'AA',
  'AAA',
  'AA=A',
  'A===',
  '====',
  '=AAA',
  'AA A',
  'AAAA\n',
  'AA-_',
  'äöüß',
  'AAAA====',
  '!!!!',
])('refuses %j', (text) => {
  expect(decodeBase64(text)).toBeNull();
});

test('accepts nothing that it would write in another way, but for bits that padding hides', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), (text) => {
      const bytes = decodeBase64(text);
      if (bytes === null) return;
      const canonical = encodeBase64(bytes);
      expect(canonical.length).toBe(text.length);
      expect(canonical.slice(0, -4)).toBe(text.slice(0, -4));
    }),
  );
});
