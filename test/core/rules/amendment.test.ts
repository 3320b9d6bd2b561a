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
    expect(proposed(['bash', 'build.sh'])).toEqual(['bash', 'build.sh']);
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
      'python',
      'python3',
      'python3.12',
      '/usr/bin/python3',
      'node',
      'bash',
      'sh',
      'zsh',
      'env',
      'sudo',
      'git',
      'perl',
    ],
    ...[
      'ruby',
      'python3 -u -c',
      'bash -lc',
      'sudo -n bash',
      'env A=1 sh',
      'env A=1',
      'nohup node -e',
      'xargs',
    ],
  ])('is not there for what would allow everything: %s', (command) => {
    expect(proposed(command.split(' '))).toBeNull();
    expect(inShell(command)).toBeNull();
  });

  it('is not there for what is too long', () => {
    expect(proposed(['echo', 'x'.repeat(5_000)])).toBeNull();
    expect(proposed(['echo', ...Array<string>(300).fill('x')])).toBeNull();
  });

  it('is the prefix that the model wishes for, where it is one', () => {
    expect(inShell('npm run build --watch', ['npm', 'run'])).toEqual(['npm', 'run']);
    expect(inShell('python3 -m pytest -q', ['python3', '-m', 'pytest'])).toEqual(['python3', '-m', 'pytest']);
    expect(inShell('git pull', ['git', 'pull'])).toEqual(['git', 'pull']);
  });

  it.each([[[]], [['yarn']], [['npm', 'run', 'build', 'x']], [['']]])(
    'is the whole command where the wish %j is none of its prefixes',
    (prefix) => expect(inShell('npm run build', prefix)).toEqual(['npm', 'run', 'build']),
  );

  it.each([
    ['git pull', ['git']],
    ['python3 -m pytest', ['python3', '-m']],
    ['python3 -c 1', ['python3', '-c']],
    ['sudo -u root make', ['sudo', '-u', 'root']],
    ['env make', ['env', 'make'].slice(0, 1)],
    ['sudo make install', ['sudo', 'make']],
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
