import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Sandbox } from '../../../src/exec/index.ts';
import type { SandboxPolicy } from '../../../src/exec/index.ts';
import { RootResolver } from '../../../src/exec/sandbox/writable-roots.ts';
import { testFolder } from '../../support/folder.ts';
import { WORKSPACE } from '../../support/sandbox-policy.ts';
import { ENV, made, testGroups } from '../support.ts';

type WorkspacePolicy = Extract<SandboxPolicy, { type: 'workspaceWrite' }>;

interface Place {
  readonly folder: string;
  readonly workspace: string;
  readonly codexHome: string;
  /** Which of the paths, relative to the folder around the workspace, may be written to. */
  readonly writable: (paths: readonly string[], policy?: Partial<WorkspacePolicy>) => Promise<string[]>;
}

function place(home: [string, ...string[]] = ['home']): Place {
  const folder = testFolder();
  const sandbox = new Sandbox({ groups: testGroups(), path: ENV.PATH });
  const [workspace, codexHome] = [made(folder, 'repo'), made(folder, ...home)];
  return {
    folder,
    workspace,
    codexHome,
    writable: async (paths, policy = {}) => {
      const answers = await Promise.all(
        paths.map((path) =>
          sandbox.mayWrite(
            [join(folder, path)],
            { ...WORKSPACE, ...policy },
            { workspace, codexHome, env: ENV },
          ),
        ),
      );
      return paths.filter((_, index) => answers[index]);
    },
  };
}

describe('Sandbox.mayWrite', () => {
  it('allows what lies in a root, and all of it has to', async () => {
    const { folder, workspace, codexHome, writable } = place();
    const root = made(folder, 'root');
    const paths = ['repo/a', 'repo/new/b', 'root/c', 'root', 'other', 'repository', 'home/x', 'missing/x'];
    const writableRoots = [root, join(folder, 'missing')];
    expect(await writable(paths, { writableRoots })).toEqual(['repo/a', 'repo/new/b', 'root/c', 'root']);
    const sandbox = new Sandbox({ groups: testGroups(), path: ENV.PATH });
    const environment = { workspace, codexHome, env: ENV };
    const both = [join(workspace, 'a'), join(folder, 'a')];
    expect(await sandbox.mayWrite(both, WORKSPACE, environment)).toBe(false);
    expect(await sandbox.mayWrite(both, { type: 'dangerFullAccess' }, environment)).toBe(true);
    expect(await sandbox.mayWrite(both, { type: 'readOnly', networkAccess: true }, environment)).toBe(false);
  });

  it('refuses what could give more rights, wherever it lies and whether it is there', async () => {
    const { writable } = place();
    const paths = ['.git/a', '.agents', '.codex/b', 'c/.git/hooks/d', 'c/.codex', '.gitignore', 'c.git/e'];
    expect(await writable(paths.map((path) => `repo/${path}`))).toEqual(['repo/.gitignore', 'repo/c.git/e']);
  });

  it('refuses the repository of a pointer and the target of a link', async () => {
    const { folder, workspace, writable } = place();
    mkdirSync(join(workspace, 'store', 'git'), { recursive: true });
    writeFileSync(join(workspace, '.git'), `gitdir: store/git\n`);
    symlinkSync(made(workspace, 'mine'), join(workspace, '.codex'));
    symlinkSync(made(folder, 'elsewhere'), join(workspace, '.agents'));
    const paths = ['repo/store/git/config', 'repo/store/a', 'repo/mine/config.toml', 'elsewhere/a'];
    expect(await writable(paths)).toEqual(['repo/store/a']);
    expect(await writable(paths, { writableRoots: [join(folder, 'elsewhere')] })).toEqual(['repo/store/a']);
  });

  it('refuses the settings but for a root that is named in them, and the rules in any case', async () => {
    const { codexHome, workspace, writable } = place(['repo', 'home']);
    const writableRoots = [made(codexHome, 'memories'), made(codexHome, 'rules')];
    const paths = ['config.toml', 'memories/a', 'rules/a.rules', 'tmp/pipes/stdout'];
    const inHome = paths.map((path) => `repo/home/${path}`);
    expect(await writable(inHome, { writableRoots })).toEqual(['repo/home/memories/a']);
    rmSync(join(codexHome, 'rules'), { recursive: true });
    const inner = made(workspace, 'mine', 'deeper');
    symlinkSync(join(workspace, 'mine'), join(codexHome, 'rules'));
    const mine = ['repo/mine/a.rules', 'repo/mine/deeper/b', 'repo/c'];
    expect(await writable(mine, { writableRoots: [inner] })).toEqual(['repo/c']);
  });

  it('refuses the settings that are links, what is missing and further links on the way too', async () => {
    const { codexHome, folder, writable } = place();
    const [dot, more] = [made(folder, 'repo', 'dot'), made(folder, 'repo', 'more')];
    symlinkSync('../repo/dot/config.toml', join(codexHome, 'config.toml'));
    const paths = [
      'repo/dot/config.toml',
      'repo/dot/a',
      'repo/more/AGENTS.md',
      'repo/more/a',
      'repo/far/a',
      'repo/a',
    ];
    // The folder of what is missing is guarded, because a command could make it there.
    expect(await writable(paths)).toEqual(paths.slice(2));
    writeFileSync(join(dot, 'config.toml'), '');
    expect(await writable(paths)).toEqual(paths.slice(1));
    symlinkSync(join(more, 'link'), join(codexHome, 'AGENTS.md'));
    symlinkSync('AGENTS.md', join(more, 'link'));
    expect(await writable(paths)).toEqual(['repo/dot/a', 'repo/far/a', 'repo/a']);
    symlinkSync(join(folder, 'repo', 'far', 'rules'), join(codexHome, 'rules'));
    expect(await writable(paths)).toEqual([]);
  });

  it('refuses everything once a root leads elsewhere', async () => {
    const { folder, writable } = place();
    const root = made(folder, 'root');
    const writableRoots = [root];
    expect(await writable(['root/a', 'repo/a'], { writableRoots })).toEqual(['root/a', 'repo/a']);
    renameSync(root, join(folder, 'moved'));
    symlinkSync(made(folder, 'target'), root);
    expect(await writable(['target/a', 'repo/a'], { writableRoots })).toEqual([]);
    expect(await writable(['repo/a'])).toEqual(['repo/a']);
  });

  it.runIf(spawnSync('git', ['--version']).status === 0)(
    'refuses a repository that git put elsewhere',
    async () => {
      const { workspace, writable } = place();
      spawnSync('git', ['init', '-q', '--separate-git-dir', join(workspace, 'store'), workspace]);
      expect(await writable(['repo/store/hooks/pre-commit', 'repo/a'])).toEqual(['repo/a']);
    },
  );
});

describe('RootResolver', () => {
  it('remembers the roots that were used last, and goes on with new ones', async () => {
    const folder = testFolder();
    const resolver = new RootResolver(2);
    const resolve = (name: string): ReturnType<RootResolver['resolve']> =>
      resolver.resolve(WORKSPACE, { workspace: join(folder, name), codexHome: '/nowhere', env: ENV });
    for (const name of ['a', 'b', 'c']) made(folder, name);
    await resolve('a');
    await resolve('b');
    await resolve('a');
    expect(await resolve('c')).toMatchObject([{ path: join(folder, 'c') }]);
    for (const name of ['a', 'b']) {
      rmSync(join(folder, name), { recursive: true });
      symlinkSync(join(folder, 'c'), join(folder, name));
    }
    const problem = `the writable root ${join(folder, 'a')} led to ${join(folder, 'a')} before and leads to ${join(folder, 'c')} now`;
    expect([await resolve('a'), await resolve('a')]).toEqual([problem, problem]);
    expect(await resolve('b')).toMatchObject([{ path: join(folder, 'c') }]);
  });
});
