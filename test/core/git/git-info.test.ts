import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { gitInfoOf, readGit } from '../../../src/core/git/index.ts';
import { testFolder } from '../../support/folder.ts';
import { commit, git, hasGit, repository } from './repository.ts';

describe.skipIf(!hasGit)('what git says of a folder', () => {
  it('is its commit, branch and remote, also from a folder further down', async () => {
    const folder = repository();
    const sha = commit(folder);
    git(folder, 'remote', 'add', 'origin', 'git@example.com:ada/roses.git');
    const known = { commit_hash: sha, branch: 'roses', repository_url: 'git@example.com:ada/roses.git' };
    expect(await readGit(folder)).toEqual(known);
    const inner = join(folder, 'a', 'b');
    mkdirSync(inner, { recursive: true });
    expect(await readGit(inner)).toEqual(known);
  });

  it('leaves out what there is not', async () => {
    const folder = repository();
    expect(await readGit(folder)).toEqual({ branch: 'roses' });
    const sha = commit(folder);
    expect(await readGit(folder)).toEqual({ branch: 'roses', commit_hash: sha });
    git(folder, 'checkout', '--quiet', '--detach');
    expect(await readGit(folder)).toEqual({ commit_hash: sha });
  });

  test.each([
    ['https://ada:secret@example.com/roses.git', 'https://example.com/roses.git'],
    ['https://token@example.com/ada@home/roses.git', 'https://example.com/ada@home/roses.git'],
    ['https://ada:p@ss@example.com/roses.git', 'https://example.com/roses.git'],
    ['ssh://git@example.com/roses.git', 'ssh://git@example.com/roses.git'],
    ['ssh://git:p@ss@example.com:22/roses.git', 'ssh://git@example.com:22/roses.git'],
    ['ssh://example.com:22/roses.git', 'ssh://example.com:22/roses.git'],
    ['https://example.com/a@b.git', 'https://example.com/a@b.git'],
    ['/roses@home.git', '/roses@home.git'],
  ])('of a remote has no password: %s', async (url, shown) => {
    const folder = repository();
    git(folder, 'remote', 'add', 'origin', url);
    expect(await readGit(folder)).toEqual({ branch: 'roses', repository_url: shown });
  });

  it('is nothing where the repository is broken, or there is none', async () => {
    const broken = testFolder();
    writeFileSync(join(broken, '.git'), 'gitdir: nowhere');
    expect(await readGit(broken)).toBe(null);
    expect(await readGit(testFolder())).toBe(null);
    expect(await readGit(join(testFolder(), 'missing'))).toBe(null);
  });

  it('is nothing where the folder of a repository is gone', async () => {
    const folder = repository();
    expect(await readGit(join(folder, 'missing'))).toBe(null);
  });
});

describe('git as clients see it', () => {
  test.each([
    [null, null],
    [undefined, null],
    [{}, null],
    [{ commit_hash: null, branch: null, repository_url: null }, null],
    [{ branch: 'roses' }, { sha: null, branch: 'roses', originUrl: null }],
    [
      { commit_hash: 'abc', branch: 'roses', repository_url: 'https://example.com' },
      { sha: 'abc', branch: 'roses', originUrl: 'https://example.com' },
    ],
  ])('%j is %j', (stored, shown) => {
    expect(gitInfoOf(stored)).toEqual(shown);
  });
});
