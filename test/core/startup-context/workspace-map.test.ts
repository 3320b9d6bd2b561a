import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitRoot } from '../../../src/core/git/index.ts';
import { workspaceMap } from '../../../src/core/startup-context/workspace-map.ts';
import { folderWith, unhurried, writeIn } from './support.ts';

function mapOf(cwd: string, home: string | null): Promise<string | null> {
  const signal = unhurried();
  return workspaceMap({ cwd, home, findGitRoot: (folder) => gitRoot(folder, signal), signal });
}

describe('the workspace', () => {
  it('is absent where the working directory is empty and lies in no repository', async () => {
    expect(await mapOf(folderWith(), null)).toBeNull();
    expect(await mapOf(folderWith('.hidden', 'node_modules/'), null)).toBeNull();
    expect(await mapOf(folderWith(), folderWith('private'))).toBeNull();
    expect(await mapOf(join(folderWith(), 'gone'), null)).toBeNull();
  });

  it('shows the working directory', async () => {
    const cwd = folderWith('docs/', 'README.md');

    expect(await mapOf(cwd, null)).toBe(`Working directory: ${cwd}
Working directory name: ${basename(cwd)}

In the working directory:
- docs/
- README.md`);
  });

  it('shows the repository around it', async () => {
    const root = folderWith('.git/', 'package/source.ts', 'README.md');
    const cwd = join(root, 'package');

    expect(await mapOf(cwd, '/nobody')).toBe(`Working directory: ${cwd}
Working directory name: package
Git root: ${root}
Git root name: ${basename(root)}
Home directory: /nobody

In the working directory:
- source.ts

In the git root:
- package/
  - source.ts
- README.md`);
  });

  it('shows a repository once, also with nothing in it', async () => {
    const root = folderWith('.git/');

    expect(await mapOf(root, null)).toBe(`Working directory: ${root}
Working directory name: ${basename(root)}
Git root: ${root}
Git root name: ${basename(root)}`);
  });

  it('does not show what lies in the home while the work goes on elsewhere', async () => {
    const cwd = folderWith('README.md');
    const home = folderWith('.profile', 'letters/');
    const map = await mapOf(cwd, home);

    expect(map).toContain(`\nHome directory: ${home}\n`);
    expect(map).not.toContain('letters');
  });

  it('shows the home where the work goes on there, without hidden files', async () => {
    const home = folderWith('.profile', 'letters/one.txt');

    expect(await mapOf(`${home}/`, home)).toBe(`Working directory: ${home}
Working directory name: ${basename(home)}
Home directory: ${home}

In the working directory:
- letters/
  - one.txt`);
  });

  it('does not show the home as the root of a repository, nor within another folder', async () => {
    const home = folderWith('.git/', 'letters/', 'project/main.c');
    const above = folderWith('someone/letters/', 'shared/');

    expect(await mapOf(join(home, 'project'), home)).not.toContain('letters');
    expect(await mapOf(above, join(above, 'someone'))).toContain('- shared/\n- someone/');
    expect(await mapOf(above, join(above, 'someone'))).not.toContain('letters');
  });

  it('shows the main repository of a worktree', async () => {
    const folder = folderWith('main/.git/worktrees/side/', 'main/main.c', 'side/side.c');
    writeIn(folder, 'side/.git', 'gitdir: ../main/.git/worktrees/side\n');
    const map = await mapOf(join(folder, 'side'), null);

    expect(map).toContain(`Git root: ${join(folder, 'main')}\n`);
    expect(map).toContain('In the git root:\n- main.c');
  });

  it('has one line for every path', async () => {
    const cwd = join(folderWith('two\nlines/file'), 'two\nlines');

    expect(await mapOf(cwd, '/ho\nme')).toBe(
      [
        String.raw`Working directory: ${cwd.replace('\n', String.raw`\n`)}`,
        String.raw`Working directory name: two\nlines`,
        String.raw`Home directory: /ho\nme`,
        '',
        'In the working directory:',
        '- file',
      ].join('\n'),
    );
  });
});
