import { applyPatch, parsePatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/patch/unified-diff.ts';

const NUMBERS = Array.from({ length: 30 }, (_, index) => `${index + 1}\n`);

describe('a unified diff', () => {
  it.each([
    ['of equal texts', 'a\n', 'a\n', 3, ''],
    ['of a change', 'a\nb\nc\nd\n', 'a\nB\nc\nd\n', 1, '@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n'],
    ['from nothing', '', 'a\nb\n', 3, '@@ -0,0 +1,2 @@\n+a\n+b\n'],
    ['to nothing', 'a\n', '', 3, '@@ -1 +0,0 @@\n-a\n'],
    ['without context', 'a\nb\n', 'a\nx\nb\n', 0, '@@ -1,0 +2 @@\n+x\n'],
    [
      'with a line end less',
      'a\nb\n',
      'a\nb',
      3,
      '@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n',
    ],
    ['with an unfinished context', 'a\nb', 'x\na\nb', 1, '@@ -1 +1,2 @@\n+x\n a\n'],
    ['with carriage returns', 'a\r\nb\r\n', 'a\r\nc\r\n', 1, '@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n'],
  ])('%s', (_what, before, after, context, diff) => {
    expect(unifiedDiff(before, after, context)).toBe(diff);
  });

  it('has a hunk for each place', () => {
    const after = NUMBERS.with(4, 'five\n').with(24, 'twenty-five\n').join('');
    expect(unifiedDiff(NUMBERS.join(''), after, 1)).toBe(
      '@@ -4,3 +4,3 @@\n 4\n-5\n+five\n 6\n@@ -24,3 +24,3 @@\n 24\n-25\n+twenty-five\n 26\n',
    );
  });

  it('is one block where nearly everything differs', () => {
    const old = Array.from({ length: 5000 }, (_, index) => `old ${index}\n`);
    const now = Array.from({ length: 5000 }, (_, index) => `new ${index}\n`);
    const diff = unifiedDiff(['same\n', ...old, 'end'].join(''), ['same\n', ...now, 'end'].join(''), 3);
    expect(diff).toBe(
      `@@ -1,5002 +1,5002 @@\n same\n${old.map((line) => `-${line}`).join('')}` +
        `${now.map((line) => `+${line}`).join('')} end\n\\ No newline at end of file\n`,
    );
  });

  it('makes the one text of the other', () => {
    const text = fc
      .tuple(fc.array(fc.constantFrom('a', 'b', 'c', '', ' x', '-y', '\r'), { maxLength: 30 }), fc.boolean())
      .map(([lines, ended]) => lines.join('\n') + (ended && lines.length > 0 ? '\n' : ''));
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 4 }), (before, after, context) => {
        const diff = unifiedDiff(before, after, context);
        const [parsed] = parsePatch(`--- a\n+++ b\n${diff}`);
        expect(parsed && applyPatch(before, parsed, { autoConvertLineEndings: false })).toBe(after);
      }),
      { numRuns: 1000 },
    );
  });
});
