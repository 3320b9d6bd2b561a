import { describe, expect, it } from 'vitest';
import { patchInCommand } from '../../src/patch/index.ts';
import { patch } from './support.ts';

const PATCH = patch('*** Add File: a', '+$HOME `x` \\ EOF', '+EOF');

describe('a command with a patch', () => {
  it.each([
    [['apply_patch', PATCH]],
    [['applypatch', PATCH]],
    [['bash', '-lc', `apply_patch <<'EOF'\n${PATCH}\nEOF`]],
    [['bash', '-lc', `\n  apply_patch <<'EOF'\n${PATCH}\nEOF\n\n`]],
    [['/usr/bin/zsh', '-c', `applypatch << "PATCH"\n${PATCH}\nPATCH\n`]],
    [['sh', '-c', `apply_patch<<EOF \n${PATCH}\nEOF`]],
  ])('%j', (argv) => {
    expect(patchInCommand(argv)).toEqual({ patch: PATCH, workdir: null });
  });

  it.each([
    ['cd src && ', 'src'],
    ['cd ../a/b.c-d_1 &&', '../a/b.c-d_1'],
    ["cd 'my $folder' && ", 'my $folder'],
    ['cd "my folder" &&\n  ', 'my folder'],
    ['cd  /abs/ü  &&  ', '/abs/ü'],
  ])('may change its folder before: %j', (prefix, workdir) => {
    expect(patchInCommand(['bash', '-lc', `${prefix}apply_patch <<'EOF'\n${PATCH}\nEOF`])).toEqual({
      patch: PATCH,
      workdir,
    });
  });
});

describe('a command that does something else', () => {
  const heredoc = `apply_patch <<'EOF'\n${PATCH}\nEOF`;

  it.each([
    [[]],
    [['apply_patch']],
    [['apply_patch', PATCH, 'more']],
    [['ls', PATCH]],
    [['bash', '-lc']],
    [['bash', '-lc', PATCH]],
    [['bash', '-x', heredoc]],
    [['bash', '-l', '-c', heredoc]],
    [['python', '-c', heredoc]],
    [['bash', '-lc', `${heredoc}\necho done`]],
    [['bash', '-lc', `${heredoc} && echo done`]],
    [['bash', '-lc', `echo first; ${heredoc}`]],
    [['bash', '-lc', `cd a; ${heredoc}`]],
    [['bash', '-lc', `cd a || ${heredoc}`]],
    [['bash', '-lc', `cd a b && ${heredoc}`]],
    [['bash', '-lc', `cd -P && ${heredoc}`]],
    [['bash', '-lc', `cd ~ && ${heredoc}`]],
    [['bash', '-lc', `cd $HOME && ${heredoc}`]],
    [['bash', '-lc', `cd "$HOME" && ${heredoc}`]],
    [['bash', '-lc', `cd a* && ${heredoc}`]],
    [['bash', '-lc', `cd a && cd b && ${heredoc}`]],
    [['bash', '-lc', `apply_patch --flag <<'EOF'\n${PATCH}\nEOF`]],
    [['bash', '-lc', `apply_patch <<'EOF' | tee\n${PATCH}\nEOF`]],
    [['bash', '-lc', `apply_patch <<'EOF'\n${PATCH}\nEND`]],
    [['bash', '-lc', `apply_patch <<'EOF"\n${PATCH}\nEOF`]],
    [['bash', '-lc', `apply_patch <<'EOF'\n${PATCH}\nEOF\n${PATCH}\nEOF`]],
    [['bash', '-lc', `cat <<'EOF'\n${PATCH}\nEOF`]],
  ])('gives none: %j', (argv) => {
    expect(patchInCommand(argv)).toBe(null);
  });
});
