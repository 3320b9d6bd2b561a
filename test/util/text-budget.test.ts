import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitted, textTokens, truncated } from '../../src/util/text-budget.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 300 });

describe('the tokens of a text', () => {
  test.each([
    ['', 0],
    ['a', 1],
    ['four', 1],
    ['fives', 2],
    ['é', 1],
    ['€€', 2],
    ['😀', 1],
  ])('%j has %i', (text, tokens) => {
    expect(textTokens(text)).toBe(tokens);
  });
});

describe('a text that is truncated', () => {
  test.each<[text: string, tokens: number, expected: string]>([
    ['', 0, ''],
    ['it fits', 2, 'it fits'],
    ['aaaabbbbccccdddd', 4, 'aaaabbbbccccdddd'],
    ['aaaabbbbccccdddde', 4, 'aaaabbbb…1 tokens truncated…cccdddde'],
    ['aaaabbbbccccdddd', 2, 'aaaa…2 tokens truncated…dddd'],
    ['aaaabbbbccccdddd', 0, '…4 tokens truncated…'],
    ['😀😀😀', 1, '…2 tokens truncated…'],
    ['ab😀😀cd', 1, 'ab…2 tokens truncated…cd'],
    ['aééééé', 1, 'a…2 tokens truncated…é'],
  ])('%j to %i', (text, tokens, expected) => {
    expect(truncated(text, tokens)).toBe(expected);
  });

  test('keeps its beginning and its end, and no half of a character', () => {
    fc.assert(
      fc.property(anyText, fc.nat({ max: 50 }), (text, tokens) => {
        const shorter = truncated(text, tokens);
        if (textTokens(text) <= tokens) {
          expect(shorter).toBe(text);
          return;
        }
        const parts = /^(?<head>[^]*)…\d+ tokens truncated…(?<tail>[^]*)$/u.exec(shorter)?.groups;
        const { head = '', tail = '' } = parts ?? {};
        expect([parts === undefined, text.startsWith(head), text.endsWith(tail)]).toEqual([
          false,
          true,
          true,
        ]);
        expect(Buffer.byteLength(head + tail)).toBeLessThanOrEqual(tokens * 4);
      }),
    );
  });
});

describe('a text that is fitted', () => {
  test('counts the mark of what is left out', () => {
    const shorter = fitted('word '.repeat(200), 50);
    expect(shorter).toMatch(/^word word .*…\d+ tokens truncated….* word word $/u);
    expect(textTokens(shorter)).toBe(50);
  });

  test.each([0, 1, 5])('is empty where not even the mark fits: %i', (budget) => {
    expect(fitted('x'.repeat(4_000), budget)).toBe('');
  });

  test('is the text itself where that fits, and always within its budget', () => {
    fc.assert(
      fc.property(anyText, fc.nat({ max: 60 }), (text, budget) => {
        const shorter = fitted(text, budget);
        expect(textTokens(shorter)).toBeLessThanOrEqual(budget);
        expect(textTokens(text) > budget || shorter === text).toBe(true);
      }),
    );
  });
});
