import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scriptOf, shellQuoted, splitScript, splitWords, withoutProfile } from '../../../src/exec/index.ts';

/** The commands with the operators in front of them. */
function told(script: string): string[] | null {
  return (
    splitScript(script)?.map(
      ({ words, operator }) => `${operator ?? ''}[${words.map(({ text }) => text).join('|')}]`,
    ) ?? null
  );
}

describe('splitScript', () => {
  it.each([
    ['ls -la', ['[ls|-la]']],
    ['  ls\t-la  ', ['[ls|-la]']],
    [
      'cd a && ls || pwd; cat b | head -n 3\nwc',
      ['[cd|a]', '&&[ls]', '||[pwd]', ';[cat|b]', '|[head|-n|3]', ';[wc]'],
    ],
    [`echo 'a b' "c \\"d\\" \\x" e\\ f`, ['[echo|a b|c "d" \\x|e f]']],
    [`echo a'b'"c"`, ['[echo|abc]']],
    [`echo '' ""`, ['[echo||]']],
    ['echo a#b', ['[echo|a#b]']],
    ['echo a \\\n b', ['[echo|a|b]']],
    ['\n\nls;\n', ['[ls]']],
    ['a |\n b', ['[a]', '|[b]']],
    ["'for' x", ['[for|x]']],
    ["'A=1' b", ['[A=1|b]']],
    ['env A=1 b', ['[env|A=1|b]']],
  ])('takes %j apart', (script, commands) => {
    expect(told(script)).toEqual(commands);
  });

  it.each([
    '',
    '  ',
    '# comment',
    'ls # comment',
    'ls > file',
    'ls 2>&1',
    'cat < file',
    'cat <<EOF',
    'echo $HOME',
    'echo "$HOME"',
    'echo `id`',
    'echo "`id`"',
    'echo $(id)',
    "echo $'a'",
    '(ls)',
    'ls &',
    'ls & ls',
    '{ ls; }',
    '! ls',
    'A=1 ls',
    'A+=1 ls',
    'A[0]=1 ls',
    'if true; then ls; fi',
    'for a in b; do ls; done',
    'f() { ls; }',
    'ls &&',
    'ls |',
    '&& ls',
    '; ls',
    'ls ;; ls',
    'ls |& cat',
    "echo 'open",
    'echo "open',
    'echo \\',
    'echo a\0b',
  ])('does not take %j apart', (script) => {
    expect(splitScript(script)).toBeNull();
  });

  it('tells what the shell would make other words of', () => {
    const words = splitScript(`ls * "*" a?b {a,b} ~ \\~ [a] x`)?.[0]?.words.map(({ isPattern }) => isPattern);
    expect(words).toEqual([false, true, false, true, true, true, false, true, false]);
  });

  it('never throws', () => {
    const unit = fc.constantFrom(...' \t\n;|&<>()$`"\'\\#*?[]{}~!=aA0-\0é'.split(''));
    fc.assert(
      fc.property(fc.string({ unit }), (script) => {
        splitScript(script);
      }),
      { numRuns: 2_000 },
    );
  });

  it('understands plain scripts as a shell does', () => {
    // Without letters, so that no program is run by accident.
    const unit = fc.constantFrom(...' \\"\'=,.:+@%^_-/0'.split(''));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (rest) => {
        const script = `printf '%s\\0' x ${rest}`;
        const words = splitWords(script);
        if (words === null) return;
        const output = execFileSync('sh', ['-c', script], { encoding: 'utf8', stdio: 'pipe' });
        expect(output.split('\0').slice(0, -1)).toEqual(words.slice(2));
      }),
      { numRuns: 150 },
    );
  });
});

describe('shellQuoted', () => {
  it.each([
    [['ls', '-la', './a/b.c'], 'ls -la ./a/b.c'],
    [['/bin/bash', '-lc', 'touch x1'], "/bin/bash -lc 'touch x1'"],
    [['sed', '-n', '1,20p'], "sed -n '1,20p'"],
    [['echo', ''], "echo ''"],
    [['echo', "it's"], `echo "it's"`],
    [['echo', "it's $5"], String.raw`echo 'it'\''s $5'`],
  ])('%j', (argv, command) => {
    expect(shellQuoted(argv)).toBe(command);
  });

  const word = fc
    .string({
      unit: fc.oneof(
        fc.constantFrom(...' \n\t\'"\\$`!*?[]{}~#&|;<>()=%,-'.split('')),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
    })
    .filter((text) => !text.includes('\0') && Buffer.from(text).toString() === text);

  it('is undone by splitWords', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(splitWords(shellQuoted(['x', ...words]))).toEqual(['x', ...words]);
      }),
    );
  });

  it('is undone by a shell', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        const output = execFileSync('sh', ['-c', `printf '%s\\0' ${shellQuoted(words)}`], {
          encoding: 'utf8',
        });
        expect(output.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 150 },
    );
  });
});

describe('scriptOf', () => {
  it.each([
    [['bash', '-lc', 'ls'], 'ls'],
    [['/bin/sh', '-c', 'ls'], 'ls'],
    [['zsh', '-lc', 'ls'], 'ls'],
    [['zsh', '-fc', 'ls'], 'ls'],
    [['bash', '-fc', 'ls'], null],
    [['bash', 'script.sh', 'ls'], null],
    [['bash', '-lc'], null],
    [['bash', '-c', 'ls "$1"', 'x', 'y'], null],
    [['ls', '-c', 'x'], null],
    [[], null],
  ])('%j', (argv, script) => {
    expect(scriptOf(argv)).toBe(script);
  });
});

describe('withoutProfile', () => {
  it.each([
    [
      ['/bin/bash', '-lc', 'a'],
      ['/bin/bash', '-c', 'a'],
    ],
    [
      ['sh', '-c', 'a'],
      ['sh', '-c', 'a'],
    ],
    [
      ['/opt/zsh', '-lc', 'a'],
      ['/opt/zsh', '-fc', 'a'],
    ],
    [
      ['zsh', '-c', 'a'],
      ['zsh', '-fc', 'a'],
    ],
    [
      ['bash', '-lc', 'a', 'b'],
      ['bash', '-lc', 'a', 'b'],
    ],
    [
      ['cat', '-lc', 'a'],
      ['cat', '-lc', 'a'],
    ],
  ])('makes of %j %j', (argv, expected) => {
    expect(withoutProfile(argv)).toEqual(expected);
  });
});
