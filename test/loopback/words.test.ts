import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoted, shortened, splitWords } from '../../src/loopback/words.ts';

test('splits a text into words with the space before them', () => {
  expect(splitWords('Echo of 1.8 seconds.')).toEqual(['Echo', ' of', ' 1.8', ' seconds.']);
  expect(splitWords('')).toEqual([]);
});

test('joins to the text again, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(splitWords(text).join('')).toBe(text);
    }),
  );
});

test('takes a long run of spaces in its stride', () => {
  expect(splitWords(' '.repeat(1_000_000))).toHaveLength(1);
  expect(shortened(' '.repeat(1_000_000), 5)).toBe('');
});

test('shortens to so many words and counts the rest', () => {
  expect(shortened('one  two\nthree', 3)).toBe('one two three');
  expect(shortened('one two three four', 3)).toBe('one two three … (1 more word)');
  expect(shortened('one two three four five', 3)).toBe('one two three … (2 more words)');
  expect(shortened('x'.repeat(1_000), 3)).toBe('x'.repeat(80));
  expect(quoted(' hi ', 3)).toBe('"hi"');
});
