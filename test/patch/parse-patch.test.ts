import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePatch } from '../../src/patch/index.ts';
import { HUNK_LIMIT, PATCH_LIMIT } from '../../src/patch/parse-patch.ts';
import { hunksOf, patch } from './support.ts';

const UPDATE = [
  {
    kind: 'update',
    path: 'a.txt',
    moveTo: null,
    chunks: [
      {
        seek: [],
        lines: [
          { kind: 'remove', text: 'one' },
          { kind: 'add', text: 'two' },
        ],
        endOfFile: false,
        line: 3,
      },
    ],
    line: 2,
  },
];

describe('a patch', () => {
  it('adds, deletes, updates and moves files', () => {
    const text = patch(
      '*** Add File: new/file.txt',
      '+first',
      '+',
      '++ second',
      '*** Delete File: old.txt',
      '*** Update File: here.txt',
      '*** Move to: there.txt',
      '@@ class A',
      '@@   method()',
      ' same',
      '-gone',
      '+come',
      '',
      '@@',
      '-last',
      '*** End of File',
    );

    expect(parsePatch(text)).toEqual({
      ok: true,
      hunks: [
        { kind: 'add', path: 'new/file.txt', content: 'first\n\n+ second\n', line: 2 },
        { kind: 'delete', path: 'old.txt', line: 6 },
        {
          kind: 'update',
          path: 'here.txt',
          moveTo: 'there.txt',
          chunks: [
            {
              seek: ['class A', '  method()'],
              lines: [
                { kind: 'context', text: 'same' },
                { kind: 'remove', text: 'gone' },
                { kind: 'add', text: 'come' },
                { kind: 'context', text: '' },
              ],
              endOfFile: false,
              line: 9,
            },
            { seek: [], lines: [{ kind: 'remove', text: 'last' }], endOfFile: true, line: 15 },
          ],
          line: 7,
        },
      ],
    });
  });

  it.each([
    ['plain', '*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+two\n*** End Patch'],
    ['with a line end', '*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+two\n*** End Patch\n'],
    ['without the first @@', '*** Begin Patch\n*** Update File: a.txt\n-one\n+two\n*** End Patch'],
    [
      'with blanks at its markers',
      ' *** Begin Patch \n *** Update File:  a.txt \n@@ \n-one\n+two\n\t*** End Patch ',
    ],
    ['with a bare header', '*** Begin Patch\n*** Update File:a.txt\n@@\n-one\n+two\n*** End Patch'],
    [
      'with carriage returns',
      '*** Begin Patch\r\n*** Update File: a.txt\r\n@@\r\n-one\r\n+two\r\n*** End Patch\r\n',
    ],
  ])('is read %s', (_form, text) => {
    expect(hunksOf(text)).toEqual(UPDATE);
  });

  it.each([
    [
      'behind blank lines',
      '\n\n*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+two\n*** End Patch\n\n',
      2,
    ],
    [
      'in a quoted heredoc',
      "<<'EOF'\n*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+two\n*** End Patch\nEOF\n",
      1,
    ],
    [
      'in a bare heredoc',
      '<<PATCH\n*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+two\n*** End Patch\nPATCH',
      1,
    ],
    [
      'with its command',
      'apply_patch << "E"\n*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+two\n*** End Patch\nE',
      1,
    ],
  ])('is read %s', (_form, text, shift) => {
    const [update] = UPDATE;
    const chunks = update?.chunks.map((chunk) => ({ ...chunk, line: chunk.line + shift }));
    expect(hunksOf(text)).toEqual([{ ...update, chunks, line: 2 + shift }]);
  });

  it('may name no file', () => {
    expect(parsePatch('*** Begin Patch\n*** End Patch')).toEqual({ ok: true, hunks: [] });
  });

  it('may add an empty file and move one without a change', () => {
    expect(hunksOf(patch('*** Add File: a', '', '*** Update File: b', '*** Move to: c'))).toEqual([
      { kind: 'add', path: 'a', content: '', line: 2 },
      { kind: 'update', path: 'b', moveTo: 'c', chunks: [], line: 4 },
    ]);
  });

  it('keeps lines that look like markers behind their own mark', () => {
    expect(hunksOf(patch('*** Add File: a', '+*** End Patch', '+@@'))).toEqual([
      { kind: 'add', path: 'a', content: '*** End Patch\n@@\n', line: 2 },
    ]);
  });

  it('loses halves of characters, which no file could hold', () => {
    expect(hunksOf(patch('*** Add File: a', '+x\uD800y😀'))).toEqual([
      { kind: 'add', path: 'a', content: 'x\uFFFDy😀\n', line: 2 },
    ]);
  });
});

describe('a text that is no patch', () => {
  it.each([
    ['', 1, 'a patch begins with *** Begin Patch, this is ""'],
    ['\n\nhello', 3, 'a patch begins with *** Begin Patch, this is "hello"'],
    ['*** Begin Patch', 1, 'a patch ends with *** End Patch, this is "*** Begin Patch"'],
    [
      '*** Begin Patch\n*** Delete File: a',
      2,
      'a patch ends with *** End Patch, this is "*** Delete File: a"',
    ],
    [
      patch('hello'),
      2,
      'here *** Add File: path, *** Delete File: path or *** Update File: path is expected, this is "hello"',
    ],
    [
      patch('*** Delete File: a', '-x'),
      3,
      'here *** Add File: path, *** Delete File: path or *** Update File: path is expected, this is "-x"',
    ],
    [
      patch('*** Delete File: a', '*** End Patch', '*** Delete File: b'),
      3,
      'here *** Add File: path, *** Delete File: path or *** Update File: path is expected, this is "*** End Patch"',
    ],
    [patch('*** Add File:'), 2, 'no path is named'],
    [patch('*** Delete File:   '), 2, 'no path is named'],
    [patch('*** Update File: a', '*** Move to: '), 3, 'no path is named'],
    [patch('*** Add File: a\0b'), 2, 'the path has a NUL character'],
    [patch('*** Add File: folder/'), 2, '"folder/" names a folder, patches are of files'],
    [patch('*** Add File: a', '+x', 'y'), 4, 'every line of an added file begins with +, this is "y"'],
    [patch('*** Add File: a', '+x', '', '+y'), 4, 'every line of an added file begins with +, this is ""'],
    [patch('*** Update File: a'), 2, 'the update of "a" says nothing to change'],
    [patch('*** Update File: a', '@@ x'), 4, 'the patch ends where the lines of a chunk are expected'],
    [
      patch('*** Update File: a', '@@', '*x'),
      4,
      'a line of a chunk begins with a space, + or -, this is "*x"',
    ],
    [patch('*** Update File: a', 'x'), 3, 'a line of a chunk begins with a space, + or -, this is "x"'],
    [
      patch('*** Update File: a', '@@', '+x', 'y'),
      5,
      'a chunk begins with @@ and its lines with a space, + or -, this is "y"',
    ],
    [
      patch('*** Update File: a', '@@', '*** End of File'),
      4,
      'a line of a chunk begins with a space, + or -, this is "*** End of File"',
    ],
  ])('%j is refused with the line', (text, line, message) => {
    expect(parsePatch(text)).toEqual({ ok: false, line, message: `line ${line} of the patch: ${message}` });
  });

  it('is refused where it is too long, or names too many files', () => {
    expect(parsePatch(`*** Begin Patch${' '.repeat(PATCH_LIMIT)}`)).toEqual({
      ok: false,
      line: 1,
      message: 'the patch is longer than 4194304 characters',
    });
    const files = Array.from({ length: HUNK_LIMIT + 1 }, (_, index) => `*** Delete File: ${index}`);
    expect(parsePatch(patch(...files))).toEqual({
      ok: false,
      line: 2002,
      message: 'line 2002 of the patch: a patch names at most 2000 files',
    });
  });

  it('never makes the parser throw', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '*** Begin Patch',
        '*** End Patch',
        '*** Add File: a',
        '*** Delete File: b',
        '*** Update File: c',
        '*** Move to: d',
        '*** End of File',
        '@@',
        '@@ x',
        "<<'EOF'",
        'EOF',
        '',
      ),
      fc.string(),
      fc.string({ unit: 'binary' }).map((text) => `+${text}`),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(line).map((lines) => lines.join('\n')),
      fc.array(line).map((lines) => patch(...lines)),
    );
    fc.assert(
      fc.property(text, (any) => {
        const parsed = parsePatch(any);
        expect(parsed.ok || (parsed.line >= 1 && parsed.line <= any.split('\n').length + 1)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
