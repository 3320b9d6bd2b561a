import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits, lineCount, truncatedForModel, truncatedWithLineCount } from '../../src/exec/index.ts';

const MARK = /…(\d+) (tokens|chars) truncated…/u;

const points = (text: string): number => Array.from(text).length;

describe('truncatedForModel', () => {
  it('leaves alone what fits', () => {
    expect(truncatedForModel('12345678', { tokens: 2 })).toBe('12345678');
    expect(truncatedForModel('12345678', { bytes: 8 })).toBe('12345678');
  });

  it('counts what it takes out of the middle', () => {
    expect(truncatedForModel('0123456789abcdef', { tokens: 2 })).toBe('0123…2 tokens truncated…cdef');
    expect(truncatedForModel('0123456789abcdef', { bytes: 5 })).toBe('01…11 chars truncated…def');
    expect(truncatedForModel('abc', { bytes: 0 })).toBe('…3 chars truncated…');
  });

  it('cuts between characters', () => {
    expect(truncatedForModel('€€€€€', { bytes: 8 })).toBe('€…3 chars truncated…€');
  });

  it('keeps to any limit in bytes, and loses nothing uncounted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.nat({ max: 120 }), (text, bytes) => {
        const cut = truncatedForModel(text, { bytes });
        if (Buffer.byteLength(text) <= bytes) return cut === text;
        const [head = '', count = '', , tail = ''] = cut.split(MARK);
        const kept = points(head) + points(tail);
        return (
          text.startsWith(head) &&
          text.endsWith(tail) &&
          Buffer.byteLength(head + tail) <= bytes &&
          kept + Number(count) === points(text)
        );
      }),
    );
  });

  it('keeps to any limit in tokens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.nat({ max: 30 }), (text, tokens) => {
        const cut = truncatedForModel(text, { tokens });
        if (fits(text, { tokens })) return cut === text;
        const [head = '', , unit, tail = ''] = cut.split(MARK);
        return unit === 'tokens' && Buffer.byteLength(head + tail) <= 4 * tokens;
      }),
    );
  });
});

describe('truncatedWithLineCount', () => {
  it('says how many lines there were, where something is missing', () => {
    expect(truncatedWithLineCount('a\nb\n', { bytes: 4 })).toBe('a\nb\n');
    expect(truncatedWithLineCount('aaa\nbbb\nccc', { bytes: 4 })).toBe(
      'Total output lines: 3\n\naa…7 chars truncated…cc',
    );
    expect(truncatedWithLineCount('aaa\nbbb\nccc', { bytes: 4 }, 900)).toBe(
      'Total output lines: 900\n\naa…7 chars truncated…cc',
    );
  });
});

describe('lineCount', () => {
  it.each([
    ['', 0],
    ['a', 1],
    ['a\n', 1],
    ['a\nb', 2],
    ['\n\n', 2],
  ])('of %j is %i', (text, count) => {
    expect(lineCount(text)).toBe(count);
  });
});
