import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDangerous, isKnownSafe } from '../../../src/exec/index.ts';

const bash = (script: string): string[] => ['bash', '-lc', script];
const words = (command: string): string[] => command.split(' ');

describe('isKnownSafe', () => {
  it.each([
    words('ls -la'),
    words('/bin/cat a'),
    words('/usr/bin/wc -l'),
    words('git status'),
    words('git log -p -3'),
    words('git branch --show-current'),
    words('git diff --stat -- a'),
    words('rg -n pattern src'),
    words('find . -name *.ts -type f'),
    words('sed -n 1,20p file'),
    words('sed -n 5p'),
    words('uniq -c file'),
    words('base64 -d file'),
    bash('ls'),
    bash('cd src && ls *.ts | head -n 5; pwd || true'),
    bash(`rg 'a|b' src | wc -l`),
    ['/bin/bash', '-c', 'echo hi'],
  ])('%j', (...argv) => {
    expect(isKnownSafe(argv)).toBe(true);
  });

  it.each([
    [],
    [''],
    words('touch a'),
    words('./ls'),
    words('/tmp/ls'),
    words('git'),
    words('git push'),
    words('git -c core.pager=x log'),
    words('git branch -D main'),
    words('git branch new'),
    words('git log --output=x'),
    words('git diff --outp=x'),
    words('git diff --ext-diff'),
    words('git show --textconv'),
    words('rg --pre cat x'),
    words('rg --pre=cat x'),
    words('rg -z x'),
    words('rg -nz x'),
    words('rg --search-zip x'),
    words('rg --hostname-bin=x y'),
    words('find . -delete'),
    words('find . -exec rm {} ;'),
    words('find . -fprint x'),
    words('sed -i s/a/b/ file'),
    words('sed -n 1p -i'),
    words('sed -n s/a/b/w file'),
    words('uniq a b'),
    words('base64 -o out in'),
    words('base64 --output=out in'),
    words('bash script.sh'),
    ['/tmp/bash', '-lc', 'ls'],
    bash('ls && touch a'),
    bash('ls > a'),
    bash('ls $(touch a)'),
    bash('rg x *'),
    bash('find *'),
    bash('{ls,-a}'),
    bash('l? x'),
    bash('PATH=. ls'),
    bash('bash -c ls'),
  ])('not %j', (...argv) => {
    expect(isKnownSafe(argv)).toBe(false);
  });
});

describe('isDangerous', () => {
  it.each([
    words('rm -f a'),
    words('rm -rf a'),
    words('rm -fr a'),
    words('rm -r -f a'),
    words('rm a --force'),
    words('rm --forc a'),
    words('/bin/rm -rf a'),
    words('sudo rm -rf a'),
    words('sudo -n -u root rm -f a'),
    words('sudo -- rm -f a'),
    words('env A=1 rm -rf a'),
    words('xargs -0 rm -f'),
    bash('rm -rf a'),
    bash('ls && sudo rm -f a'),
    bash(`bash -c 'rm -rf a'`),
    ['sudo', 'bash', '-c', 'rm -rf a'],
    ['bash', '-l', '-c', 'rm -rf a'],
    bash('rm -rf "$HOME"'),
    bash('for f in *; do rm -f $f; done'),
    bash('if true; then rm -f a; fi'),
    bash('A=$B rm -rf a > /dev/null'),
    bash('(cd x; rm -rf $y)'),
    bash('echo $(rm -rf a)'),
  ])('%j', (...argv) => {
    expect(isDangerous(argv)).toBe(true);
  });

  it.each([
    [],
    words('rm a'),
    words('rm -r a'),
    words('rm -- -f'),
    words('rm -i --recursive a'),
    words('git rm -f a'),
    words('echo rm -rf'),
    words('sudo ls -f'),
    bash('echo "rm -rf a"'),
    bash('ls; echo -f'),
    bash('grep rm -f patterns > out'),
  ])('not %j', (...argv) => {
    expect(isDangerous(argv)).toBe(false);
  });

  it('never throws, and gives up on scripts in scripts in the end', () => {
    const unit = fc.constantFrom(
      'rm',
      'sudo',
      'bash',
      '-c',
      '-rf',
      ' ',
      ';',
      "'",
      '"',
      '$',
      '(',
      ')',
      '{',
      '}',
    );
    fc.assert(
      fc.property(fc.array(fc.string({ unit })), (argv) => {
        isDangerous(argv);
        isKnownSafe(argv);
      }),
    );
    expect(isDangerous(Array.from({ length: 20_000 }, () => 'sudo'))).toBe(false);
    expect(isDangerous(['sudo', ...Array.from({ length: 20_000 }, () => 'rm')])).toBe(false);
    expect(isDangerous(['bash', ...Array.from({ length: 20_000 }, () => '-c')])).toBe(false);
  });
});
