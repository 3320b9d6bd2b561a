import { describe, expect, it } from 'vitest';
import { isAmendment, proposedAmendment } from '../../../src/core/rules/amendment.ts';

function proposed(argv: readonly string[], prefix: readonly string[] | null = null): string[] | null {
  return proposedAmendment(argv, prefix, '/opt/bin/zsh');
}

function inShell(script: string, prefix: readonly string[] | null = null): string[] | null {
  return proposed(['/bin/bash', '-lc', script], prefix);
}

describe('the proposed rule', () => {
  it('has the words of the plain command', () => {
    expect(proposed(['touch', 'x1'])).toEqual(['touch', 'x1']);
    expect(inShell('touch x1')).toEqual(['touch', 'x1']);
    expect(proposed(['/opt/bin/zsh', '-c', 'echo \'a b\' "c"'])).toEqual(['echo', 'a b', 'c']);
    expect(proposed(['python3', '-c', 'print(42)'])).toEqual(['python3', '-c', 'print(42)']);
    expect(inShell('/usr/bin/npm test')).toEqual(['/usr/bin/npm', 'test']);
    expect(inShell('docker-compose ps')).toEqual(['docker-compose', 'ps']);
  });

  it.each(['a && b', 'a | b', 'a; b', 'a > b', 'echo $HOME', 'X=1 a', 'for x in a; do b; done', ''])(
    'is not there for a script that is more: %s',
    (script) => expect(inShell(script)).toBeNull(),
  );

  it('is not there for a shell that may do anything with its script', () => {
    expect(proposed(['./bash', '-lc', 'touch x1'])).toBeNull();
  });

  it.each([
    ...[
      'make',
      'npm',
      'git',
      '/usr/bin/npm',
      'python',
      'python3',
      'python3.12',
      '/usr/bin/python3',
      'node',
      'bash',
      'zsh',
    ],
    ...[
      'env',
      'sudo',
      'xargs',
      'perl',
      'ruby',
      './run.sh',
      './run.sh x',
      'bin/tool a',
      '../tool a',
      '/tmp/tool a',
    ],
    ...[
      '/srv/node_modules/.bin/tsc -p .',
      '/usr/bin/../../tmp/tool a',
      'python3 x.py',
      'python3 ./x.py',
      'bash run.sh',
    ],
    ...[
      'sh -x run.sh',
      'python3 -m pytest',
      'python3 -u -c',
      'python3 -c',
      'python3.12 x.py',
      'node x.js',
      'node -e 1',
    ],
    ...[
      'perl -e 1',
      'ruby -e 1',
      'awk 1 x',
      'sed -i s/a/b/ x',
      'vim x',
      'php x.php',
      'lua5.4 x.lua',
      'bash -lc',
    ],
    ...[
      'bash -c id',
      'env ./x',
      'env A=1 sh',
      'sudo make',
      'sudo -n bash',
      'nohup node -e',
      'timeout 5 make',
      'xargs rm',
    ],
    ...[
      '/bin/busybox sh',
      'busybox sh x',
      'parallel id',
      'ssh h id',
      'watch -n1 id',
      'docker run x',
      'find . -delete',
    ],
    ...[
      "find . -exec sh '{}' +",
      'find .',
      'git -c core.pager=touch log',
      'git -C x status',
      'uv run x',
      'npm exec x',
    ],
    ...['npx x', 'eval x', '. x', 'source x', 'command make', "python3 -c 'import json'"],
  ])('is not there for what would allow whatever the agent likes: %s', (command) => {
    expect(inShell(command)).toBeNull();
    if (!command.includes("'")) expect(proposed(command.split(' '))).toBeNull();
  });

  it('is not there for what is too long', () => {
    expect(proposed(['echo', 'x'.repeat(5_000)])).toBeNull();
    expect(proposed(['echo', ...Array<string>(300).fill('x')])).toBeNull();
  });

  it('is the prefix that the model wishes for, where it is one', () => {
    expect(inShell('npm run build --watch', ['npm', 'run'])).toEqual(['npm', 'run']);
    expect(inShell('git pull', ['git', 'pull'])).toEqual(['git', 'pull']);
  });

  it.each([[[]], [['yarn']], [['npm', 'run', 'build', 'x']], [['']]])(
    'is the whole command where the wish %j is none of its prefixes',
    (prefix) => expect(inShell('npm run build', prefix)).toEqual(['npm', 'run', 'build']),
  );

  it.each([
    ['git pull', ['git']],
    ['npm test', ['npm']],
    ['touch made', ['touch']],
    ['python3 -c 1', ['python3', '-c']],
    ['python3 -c 1', ['python3']],
  ])('of %j is the whole command where the wish %j is too much', (command, prefix) => {
    expect(inShell(command, prefix)).toEqual(command.split(' '));
  });
});

it.each<[string[], boolean]>([
  [['a'], true],
  [['a', ''], true],
  [[], false],
  [[''], false],
  [['a\0'], false],
  [['a', '\ud800'], false],
])('the answer %j can be a rule: %s', (words, can) => {
  expect(isAmendment(words)).toBe(can);
});
