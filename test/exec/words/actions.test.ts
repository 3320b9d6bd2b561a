import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseActions } from '../../../src/exec/index.ts';

const bash = (script: string): string[] => ['/bin/bash', '-lc', script];
const unknown = (command: string) => [{ type: 'unknown', command }];

describe('parseActions', () => {
  it.each([
    ['cat a/b.ts', [{ type: 'read', command: 'cat a/b.ts', name: 'b.ts', path: '/repo/a/b.ts' }]],
    ['cat /etc/hosts', [{ type: 'read', command: 'cat /etc/hosts', name: 'hosts', path: '/etc/hosts' }]],
    ['head -n 5 a', [{ type: 'read', command: 'head -n 5 a', name: 'a', path: '/repo/a' }]],
    [
      `sed -n '1,20p' src/a.ts`,
      [{ type: 'read', command: `sed -n '1,20p' src/a.ts`, name: 'a.ts', path: '/repo/src/a.ts' }],
    ],
    ['nl -ba a | sed -n 1,40p', [{ type: 'read', command: 'nl -ba a', name: 'a', path: '/repo/a' }]],
    ['cat ~/a/b', [{ type: 'read', command: `cat '~/a/b'`, name: 'b', path: '/home/one/a/b' }]],
    [`cat '~/a'`, [{ type: 'read', command: `cat '~/a'`, name: 'a', path: '/repo/~/a' }]],
    [
      'cd src && head -n 5 ~/a',
      [{ type: 'read', command: `head -n 5 '~/a'`, name: 'a', path: '/home/one/a' }],
    ],
    ['cat ~other/a', unknown('cat ~other/a')],
    ['cat a | sed s/a/b/', unknown('cat a | sed s/a/b/')],
    ['cat a | sed -n 1,40w', unknown('cat a | sed -n 1,40w')],
    ['cat a | head -n 5', [{ type: 'read', command: 'cat a', name: 'a', path: '/repo/a' }]],
    ['cd src && cat a', [{ type: 'read', command: 'cat a', name: 'a', path: '/repo/src/a' }]],
    ['ls', [{ type: 'listFiles', command: 'ls', path: null }]],
    ['ls -la src', [{ type: 'listFiles', command: 'ls -la src', path: 'src' }]],
    ['rg --files | head', [{ type: 'listFiles', command: 'rg --files', path: null }]],
    ['find src -type f', [{ type: 'listFiles', command: 'find src -type f', path: 'src' }]],
    ['git ls-files', [{ type: 'listFiles', command: 'git ls-files', path: null }]],
    ['rg -n foo src', [{ type: 'search', command: 'rg -n foo src', query: 'foo', path: 'src' }]],
    ['rg -g x foo', [{ type: 'search', command: 'rg -g x foo', query: 'foo', path: null }]],
    ['grep -rn -e foo src', [{ type: 'search', command: 'grep -rn -e foo src', query: 'foo', path: 'src' }]],
    ['git grep foo', [{ type: 'search', command: 'git grep foo', query: 'foo', path: null }]],
    [`find . -name '*.ts'`, [{ type: 'search', command: `find . -name '*.ts'`, query: '*.ts', path: '.' }]],
    [
      'ls src; cat a | sort | tr a b',
      [
        { type: 'listFiles', command: 'ls src', path: 'src' },
        { type: 'read', command: 'cat a', name: 'a', path: '/repo/a' },
      ],
    ],
    ['touch x1', unknown('touch x1')],
    ['cat a && touch b', unknown('cat a && touch b')],
    ['cat a b', unknown('cat a b')],
    ['cat', unknown('cat')],
    ['cd src', unknown('cd src')],
    ['cd ~ && ls', unknown('cd ~ && ls')],
    ['cat a > b', unknown('cat a > b')],
    ['cat $(ls)', unknown('cat $(ls)')],
    [`sed -n 's/a/b/w x' a`, unknown(`sed -n 's/a/b/w x' a`)],
    ['find . -delete', unknown('find . -delete')],
    ['', unknown('')],
  ])('%s', (script, actions) => {
    expect(parseActions(bash(script), '/repo', '/home/one')).toEqual(actions);
  });

  it('knows commands without a shell', () => {
    expect(parseActions(['cat', 'a b'], '/repo')).toEqual([
      { type: 'read', command: `cat 'a b'`, name: 'a b', path: '/repo/a b' },
    ]);
    expect(parseActions(['npm', 'run', 'a b'], '/repo')).toEqual(unknown(`npm run 'a b'`));
    expect(parseActions([], '/repo')).toEqual(unknown(''));
  });

  it('always gives an action, whatever the words', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'cat',
        'ls',
        'cd',
        'rg',
        'find',
        'git',
        'grep',
        'sed',
        '-n',
        '--',
        '-e',
        '-name',
        'a',
        '|',
        '&&',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word), (argv) => {
        expect(parseActions(argv, '/repo').length).toBeGreaterThan(0);
        expect(parseActions(bash(argv.join(' ')), '/repo').length).toBeGreaterThan(0);
      }),
    );
  });
});
