import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWorkspaces } from '../../../src/core/git/index.ts';
import { testFolder } from '../../support/folder.ts';
import { commit, git, hasGit, repository } from './repository.ts';

const never = new AbortController().signal;

describe.skipIf(!hasGit)('what git says of a workspace', () => {
  it('is its commit, its remotes and whether anything is changed, under the path of its root', async () => {
    const root = repository();
    const sha = commit(root);
    git(root, 'remote', 'add', 'origin', 'git@example.com:ada/roses.git');
    git(root, 'remote', 'add', 'other', 'https://ada:secret@example.com/roses');
    const inner = join(root, 'a');
    mkdirSync(inner);
    const clean = {
      associated_remote_urls: { origin: 'git@example.com:ada/roses.git', other: 'https://example.com/roses' },
      latest_git_commit_hash: sha,
      has_changes: false,
    };
    expect(await readWorkspaces(inner, never)).toEqual({ [root]: clean });
    writeFileSync(join(inner, 'new.txt'), 'x');
    expect(await readWorkspaces(root, never)).toEqual({ [root]: { ...clean, has_changes: true } });
  });

  it('leaves out what there is not', async () => {
    const root = repository();
    expect(await readWorkspaces(root, never)).toEqual({ [root]: { has_changes: false } });
  });

  it('is nothing outside a repository, and when nobody waits for it any more', async () => {
    expect(await readWorkspaces(testFolder(), never)).toBe(null);
    expect(await readWorkspaces(repository(), AbortSignal.abort())).toBe(null);
  });

  it('runs no program that the repository names', async () => {
    const root = repository();
    const sha = commit(root);
    const ran = join(root, 'ran');
    git(root, 'config', 'core.fsmonitor', `touch ${ran}`);
    expect(await readWorkspaces(root, never)).toEqual({
      [root]: { latest_git_commit_hash: sha, has_changes: false },
    });
    writeFileSync(join(root, '.gitattributes'), '* filter=mine');
    git(root, 'config', 'filter.mine.clean', `touch ${ran}; cat`);
    expect(await readWorkspaces(root, never)).toEqual({ [root]: { latest_git_commit_hash: sha } });
  });
});
