import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitRoot, rememberedGitRoots } from '../../../src/core/git/git-root.ts';
import { aborted, folderWith, unhurried, writeIn } from '../startup-context/support.ts';

function rootOf(cwd: string): Promise<string | null> {
  return gitRoot(cwd, unhurried());
}

describe('the git root', () => {
  it('is the nearest folder at or above that has a .git folder', async () => {
    const folder = folderWith('.git/', 'outer/.git/', 'outer/a/b/', 'other/');

    expect(await rootOf(join(folder, 'outer/a/b'))).toBe(join(folder, 'outer'));
    expect(await rootOf(join(folder, 'outer'))).toBe(join(folder, 'outer'));
    expect(await rootOf(join(folder, 'other'))).toBe(folder);
  });

  it('is found for a folder that is gone, and for a file', async () => {
    const folder = folderWith('.git/', 'file.txt');

    expect(await rootOf(join(folder, 'gone/deeper'))).toBe(folder);
    expect(await rootOf(join(folder, 'file.txt'))).toBe(folder);
  });

  it('is the main repository of a linked worktree', async () => {
    const folder = folderWith('main/.git/worktrees/side/', 'side/src/', 'near/src/');
    writeIn(folder, 'side/.git', `gitdir: ${join(folder, 'main/.git/worktrees/side')}\n`);
    writeIn(folder, 'near/.git', 'gitdir: ../main/.git/worktrees/near\r\n');

    expect(await rootOf(join(folder, 'side/src'))).toBe(join(folder, 'main'));
    expect(await rootOf(join(folder, 'near/src'))).toBe(join(folder, 'main'));
  });

  it('is absent in a submodule, also in a worktree of one', async () => {
    const folder = folderWith('.git/modules/sub/worktrees/side/', 'sub/src/', 'side/');
    writeIn(folder, 'sub/.git', 'gitdir: ../.git/modules/sub\n');
    writeIn(folder, 'side/.git', 'gitdir: ../.git/modules/sub/worktrees/side\n');

    expect(await rootOf(join(folder, 'sub/src'))).toBeNull();
    expect(await rootOf(join(folder, 'side'))).toBeNull();
  });

  it.each(['', 'nonsense\n', 'gitdir:\n', `${'x'.repeat(20_000)}\ngitdir: /main/.git/worktrees/a\n`])(
    'is absent where the .git file says nothing of use (%#)',
    async (content) => {
      const folder = folderWith('.git/');
      writeIn(folder, 'inner/.git', content);

      expect(await rootOf(join(folder, 'inner'))).toBeNull();
    },
  );

  it('is absent for what is no absolute path', async () => {
    expect(await Promise.all(['', '.', 'src', '\0', '/\0'].map(rootOf))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('agrees with git on worktrees and submodules', async () => {
    const folder = folderWith('main/', 'library/');
    const git = (cwd: string, ...parameters: string[]): void => {
      const identity = [
        '-c',
        'user.name=n',
        '-c',
        'user.email=e@example.org',
        '-c',
        'protocol.file.allow=always',
      ];
      execFileSync('git', [...identity, ...parameters], { cwd: join(folder, cwd), stdio: 'ignore' });
    };
    for (const repository of ['main', 'library']) {
      git(repository, 'init');
      git(repository, 'commit', '--allow-empty', '-m', 'first');
    }
    git('main', 'submodule', 'add', join(folder, 'library'), 'sub');
    git('main', 'worktree', 'add', join(folder, 'linked'));

    expect(await rootOf(join(folder, 'linked'))).toBe(join(folder, 'main'));
    expect(await rootOf(join(folder, 'main/sub'))).toBeNull();
    expect(await rootOf(join(folder, 'main'))).toBe(join(folder, 'main'));
  });

  it('is not looked for after the signal has aborted', async () => {
    await expect(gitRoot(folderWith('.git/'), aborted())).rejects.toThrow('too late');
  });

  it('is looked for once', async () => {
    const folder = folderWith('.git/');
    const findGitRoot = rememberedGitRoots(unhurried());

    expect(findGitRoot(folder)).toBe(findGitRoot(folder));
    expect(await findGitRoot(folder)).toBe(folder);
  });
});
