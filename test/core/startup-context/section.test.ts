import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bodyTokens,
  CURRENT_THREAD,
  NOTES,
  RECENT_WORK,
  sectionText,
  WORKSPACE,
} from '../../../src/core/startup-context/section.ts';
import { fitted, textTokens } from '../../../src/util/text-budget.ts';

const MARK = /…(\d+) tokens truncated…/u;

describe('a text fitted to a number of tokens', () => {
  it.each([
    { tokens: 2712, left: 2419 },
    { tokens: 897, left: 604 },
  ])('settles at 293 tokens of $tokens where 300 are allowed', ({ tokens, left }) => {
    const text = `${'a'.repeat(tokens * 2)}${'b'.repeat(tokens * 2)}`;

    expect(fitted(text, 300)).toBe(`${'a'.repeat(586)}…${left} tokens truncated…${'b'.repeat(586)}`);
    expect(textTokens(fitted(text, 300))).toBe(300);
  });

  it('is left alone as long as it fits', () => {
    expect(fitted('x'.repeat(1200), 300)).toBe('x'.repeat(1200));
    expect(fitted('x'.repeat(1201), 300)).toMatch(MARK);
    expect(fitted('', 0)).toBe('');
  });

  it('is the bare mark where only that has room, and nothing where not even that has', () => {
    const text = 'x'.repeat(400);

    expect(fitted(text, 7)).toBe('…100 tokens truncated…');
    expect(fitted(text, 6)).toBe('');
    expect(fitted(text, 0)).toBe('');
    expect(fitted(text, -3)).toBe('');
  });

  it('never takes more, keeps its beginning and end, and is never cut inside a character', () => {
    const texts = fc.array(fc.constantFrom('a', 'ö', '漢', '😀', '\n'), { maxLength: 600 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 0, max: 400 }), (characters, tokens) => {
        const text = characters.join('');
        const shown = fitted(text, tokens);
        expect(textTokens(shown)).toBeLessThanOrEqual(tokens);
        expect(Buffer.from(shown).toString()).toBe(shown);
        expect(shown).not.toContain('\uFFFD');
        if (shown === '' || shown === text) return;
        const [head = '', left = '', tail = ''] = shown.split(MARK);
        expect(text.startsWith(head)).toBe(true);
        expect(text.endsWith(tail)).toBe(true);
        expect(Number(left)).toBeGreaterThan(0);
        if (tokens >= 20) expect([head === '', tail === '']).toEqual([false, false]);
      }),
    );
  });
});

describe('a section', () => {
  it('has its tokens, and 5,300 with the others', () => {
    const tokens = [CURRENT_THREAD, RECENT_WORK, WORKSPACE, NOTES].map((frame) => frame.tokens);

    expect(tokens).toEqual([1200, 2200, 1600, 300]);
    expect(tokens.reduce((sum, each) => sum + each, 0)).toBe(5300);
  });

  it('is a heading with its body directly below', () => {
    expect(sectionText(RECENT_WORK, '\n  body \n')).toBe('## Recent work\nbody');
  });

  it('is not there without a body', () => {
    expect(sectionText(RECENT_WORK, ' \n\t')).toBeNull();
    expect(sectionText({ title: 'Long', tokens: 3 }, 'x'.repeat(100))).toBeNull();
    expect(sectionText({ title: 'Long', tokens: 0 }, 'x')).toBeNull();
  });

  it('counts its heading', () => {
    expect(bodyTokens({ title: 'abc', tokens: 10 })).toBe(8);
    expect(sectionText({ title: 'abc', tokens: 10 }, 'x'.repeat(32))).toBe(`## abc\n${'x'.repeat(32)}`);
    expect(sectionText({ title: 'abc', tokens: 10 }, 'x'.repeat(33))).toBe(
      '## abc\nxxxx…7 tokens truncated…xxxx',
    );
  });
});
