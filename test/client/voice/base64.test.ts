import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../../src/client/voice/index.ts';

describe('base64 of the voice library', () => {
  it('writes what Node.js writes, and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect([...(decodeBase64(text) ?? [])]).toEqual([...bytes]);
      }),
    );
  });

  it('accepts nothing that it would write in another way, but for bits that padding hides', () => {
    const letters = fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '+', '/', '=', '-', '_', ' ', 'é', '\n');
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 12 }), (text) => {
        const bytes = decodeBase64(text);
        if (bytes === null) return;
        const written = encodeBase64(bytes);
        expect(written.length).toBe(text.length);
        expect(written.slice(0, -4)).toBe(text.slice(0, -4));
      }),
    );
  });

  it.each(['A', 'AA', 'AA=A', 'A===', '====', 'AA A', 'AAAA\n', 'AA-_', 'äöüß', 'AA\u{141}A', 'AAAA===='])(
    'refuses %j',
    (text) => {
      expect(decodeBase64(text)).toBeNull();
    },
  );
});
