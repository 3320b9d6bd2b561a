import { describe, expect, it } from 'vitest';
import { patchedText } from '../../src/patch/patched-text.ts';
import { hunksOf, patch } from './support.ts';

function applied(text: string, ...lines: readonly string[]): string {
  const [hunk] = hunksOf(patch('*** Update File: f', ...lines));
  if (hunk?.kind !== 'update') expect.fail('no update');
  const patched = patchedText(text, hunk.chunks);
  return patched.ok ? patched.text : patched.message;
}

describe('an update', () => {
  it('replaces, adds and removes lines', () => {
    expect(applied('a\nb\nc\nd\n', ' a', '-b', '+B', '+BB', '@@', '-d')).toBe('a\nB\nBB\nc\n');
  });

  it('looks for each chunk behind the one before', () => {
    expect(applied('x\nx\nx\n', '@@', '-x', '+1', '@@', '-x', '+2')).toBe('1\n2\nx\n');
    expect(applied('a\nb\n', '@@', '-b', '@@', '-a')).toBe(
      'the chunk on line 5 of the patch is not found behind the chunk before it; it wants\na',
    );
  });

  it('begins behind the lines that it seeks', () => {
    const text = 'class A\n  f()\n    x\nclass B\n  f()\n    x\n';
    expect(applied(text, '@@ class B', '@@   f()', '-    x', '+    y')).toBe(
      'class A\n  f()\n    x\nclass B\n  f()\n    y\n',
    );
    expect(applied(text, '@@ class C', '-    x')).toBe(
      'the chunk on line 3 of the patch is not found behind the chunk before it; it wants\nclass C',
    );
  });

  it.each([
    ['trailing white space', 'a  \nb\t\n', [' a', '-b', '+c'], 'a  \nc\n'],
    ['all surrounding white space', '\t\ta\n    b\n', [' a', '-  b', '+c'], '\t\ta\nc\n'],
    ['dashes', 'a \u2013 b \u2212\nx\n', [' a - b -', '-x'], 'a \u2013 b \u2212\n'],
    ['quotes', '\u2018a\u2019 \u201Cb\u201D\nx\n', [' \'a\' "b"', '-x'], '\u2018a\u2019 \u201Cb\u201D\n'],
    ['spaces', 'a\u00A0b\u2003c\nx\n', [' a b c', '-x'], 'a\u00A0b\u2003c\n'],
    ['punctuation that the patch has and the file has not', 'a - b\n', ['-a \u2014 b', '+c'], 'c\n'],
  ])(
    'finds its context without regard to %s, and leaves the context as it is',
    (_what, text, lines, after) => {
      expect(applied(text, ...lines)).toBe(after);
    },
  );

  it('prefers the stricter match, even where a looser one comes first', () => {
    expect(applied('  x\nx \nx\n', '-x', '+y')).toBe('  x\nx \ny\n');
    expect(applied('  x\nx \n', '-x', '+y')).toBe('  x\ny\n');
  });

  it('stands at the end where it says so', () => {
    expect(applied('x\na\nx\n', '@@', '-x', '+y', '*** End of File')).toBe('x\na\ny\n');
    expect(applied('x\na\n', '@@', '-x', '*** End of File')).toBe(
      'the chunk on line 3 of the patch is not found at the end of the file; it wants\nx',
    );
  });

  it('puts lines without context at the end, or behind what it seeks', () => {
    expect(applied('a\nb\n', '@@', '+c')).toBe('a\nb\nc\n');
    expect(applied('a\nb\n', '@@ a', '+c')).toBe('a\nc\nb\n');
    expect(applied('a\nb\n', '@@ a', '+c', '*** End of File')).toBe('a\nb\nc\n');
    expect(applied('a\nb\n', '@@', '+c', '@@', '-a')).toBe('b\nc\n');
    expect(applied('', '+c')).toBe('c\n');
  });

  it('does without empty lines that only set its chunks apart', () => {
    expect(applied('a\nb\n', '@@', '-a', '+A', '', '', '@@', '-b', '+B', '')).toBe('A\nB\n');
    expect(applied('a\n\nb\n', '@@', '-a', '+A', '', '@@', '-b', '+B')).toBe('A\n\nB\n');
  });

  it('keeps the line ends of the file', () => {
    expect(applied('a\r\nb\r\nc\r\n', ' a', '-b', '+B', '+BB', ' c')).toBe('a\r\nB\r\nBB\r\nc\r\n');
    expect(applied('a\r\nb\r\n', ' a', '+c\r', ' b')).toBe('a\r\nc\r\nb\r\n');
    expect(applied('a\r\nb\nc\nd\r\n', ' a', '-b', '+B', ' c', ' d')).toBe('a\r\nB\nc\nd\r\n');
  });

  it('ends a last line that it writes or that others follow, and leaves one alone that it does not touch', () => {
    expect(applied('a\nb', '-a', '+A')).toBe('A\nb');
    expect(applied('a\nb', ' a', '-b', '+B')).toBe('a\nB\n');
    expect(applied('a\nb', ' b', '+c')).toBe('a\nb\nc\n');
    expect(applied('a\r\nb\r\nc', '@@', '+d')).toBe('a\r\nb\r\nc\r\nd\r\n');
    expect(applied('a\nb', '-b')).toBe('a\n');
    expect(applied('a', '-a')).toBe('');
  });

  it('keeps a byte order mark', () => {
    expect(applied('\uFEFFa\nb\n', '-a', '+A')).toBe('\uFEFFA\nb\n');
  });

  it('shows only the beginning of a long chunk that does not fit', () => {
    const wanted = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    expect(applied('a\n', ...wanted.map((line) => `-${line}`))).toBe(
      'the chunk on line 3 of the patch is not found behind the chunk before it; it wants\n' +
        `${wanted.slice(0, 12).join('\n')}\n(and 8 more lines)`,
    );
  });

  it('gives up a search that would take too long', () => {
    const lines = Array.from({ length: 20_000 }, () => '-');
    expect(applied('\n'.repeat(200_000), ...lines, '-x')).toBe(
      'the chunk on line 3 of the patch takes too long to find, give it fewer repeated lines',
    );
  });
});
