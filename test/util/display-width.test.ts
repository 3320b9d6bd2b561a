import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  displayWidth,
  headWithin,
  tailWithin,
  withoutControls,
  withoutLastGrapheme,
} from '../../src/util/display-width.ts';

describe('the width of text on a terminal', () => {
  it.each([
    ['', 0],
    ['hello', 5],
    ['héllo', 5],
    ['he\u0301llo', 5],
    ['日本語', 6],
    ['한국', 4],
    ['👍🏽', 2],
    ['👩‍👩‍👧', 2],
    ['…', 1],
  ])('of %j is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('cuts to fit and never over', () => {
    expect(headWithin('日本語', 5)).toBe('日本');
    expect(tailWithin('日本語', 5)).toBe('…本語');
    expect(tailWithin('日本語', 4)).toBe('…語');
    expect(tailWithin('hello', 5)).toBe('hello');
    expect(tailWithin('hello', 0)).toBe('');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, columns) => {
        expect(displayWidth(tailWithin(text, columns))).toBeLessThanOrEqual(columns);
        expect(displayWidth(headWithin(text, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });

  it('lets nothing through that a terminal acts on', () => {
    expect(withoutControls('a\u001b[31mb\r\nc\u0007\u009bd\u202ee')).toBe('a [31mb c d e');
  });

  it('takes away the last character that a reader sees', () => {
    expect(withoutLastGrapheme('ab👩‍👩‍👧')).toBe('ab');
    expect(withoutLastGrapheme('')).toBe('');
  });
});
