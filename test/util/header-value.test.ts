import { validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isHeaderValue } from '../../src/util/header-value.ts';

it.each(['', 'a b', 'tab\tin between', '~!@#$%^&*()', 'grüße', '\u00ff'])(
  '%j may stand in a header',
  (text) => {
    expect(isHeaderValue(text)).toBe(true);
  },
);

it.each(['a\rb', 'a\nb', '\0', '\u001f', '\u007f', '\u0100', '€', '😀', '\ud800'])(
  '%j may not stand in a header',
  (text) => {
    expect(isHeaderValue(text)).toBe(false);
  },
);

it('accepts nothing that Node would refuse to send', () => {
  const text = fc.string({ unit: fc.nat({ max: 0x180 }).map((code) => String.fromCodePoint(code)) });
  fc.assert(
    fc.property(text, (value) => {
      if (isHeaderValue(value)) validateHeaderValue('x', value);
    }),
  );
});
