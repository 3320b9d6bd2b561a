import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { looksDenied, Sandbox } from '../../../src/exec/index.ts';
import type { CommandResult, ProcessGroups, SandboxPolicy } from '../../../src/exec/index.ts';
import { testFolder } from '../../support/folder.ts';
import { WORKSPACE } from '../../support/sandbox-policy.ts';
import { ended, ENV, made, processesWith, testGroups } from '../support.ts';
import { runCommand } from '../../../src/exec/index.ts';

const isRequired = process.env['PARLEY_REQUIRE_SANDBOX'] === '1';
const bwrap = spawnSync('bwrap', '--ro-bind / / --unshare-all --proc /proc --dev /dev true'.split(' '));
const isThere = process.platform === 'linux' && bwrap.status === 0;
if (!isThere && !isRequired) {
  console.warn('bubblewrap is missing or cannot make namespaces here: its tests are skipped');
}

const READ_ONLY: SandboxPolicy = { type: 'readOnly', networkAccess: false };

interface Place {
  readonly groups: ProcessGroups & { readonly runId: string };
  readonly sandbox: Sandbox;
  /** A directory around the others, which lies in no root. */
  readonly outside: string;
  readonly cwd: string;
  readonly codexHome: string;
}

function place(): Place {
  const groups = testGroups();
  const outside = testFolder();
  return {
    groups,
    sandbox: new Sandbox({ groups, path: ENV.PATH }),
    outside,
    cwd: made(outside, 'repo'),
    codexHome: made(outside, 'home'),
  };
}

async function run(
  { groups, sandbox, cwd, codexHome }: Place,
  policy: SandboxPolicy,
  script: string,
  env: Readonly<Record<string, string>> = ENV,
): Promise<CommandResult> {
  const command = await sandbox.sandboxed(['sh', '-c', script], policy, {
    cwd,
    workspace: cwd,
    env,
    codexHome,
  });
  if ('unavailable' in command) throw new Error(command.unavailable);
  expect(command.kind).toBe('bubblewrap');
  return ended(await runCommand({ argv: command.argv, cwd, env: command.env, groups, timeoutMs: 20_000 }));
}

async function listen(address: { port: number; host: string } | { path: string }): Promise<Server> {
  const server = createServer((socket) => socket.end('reached'));
  server.listen(address);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

/** Connects from inside of a sandbox and prints what the other side says, or the error. */
function connecting(target: string): string {
  const program = `require('net').connect(${target}).on('data', (data) => console.log(String(data))).on('error', (error) => console.log(error.code))`;
  return `'${process.execPath}' -e "${program}"`;
}

describe.runIf(isThere || isRequired)('a command in bubblewrap', () => {
  it('reads everything and writes nothing where it may only read', async () => {
    const where = place();
    writeFileSync(join(where.outside, 'file'), 'content');
    const result = await run(where, READ_ONLY, 'cat ../file; pwd; echo x > new || echo x > /tmp/new-parley');
    expect(result.stdout).toBe(`content${where.cwd}\n`);
    expect(result.exitCode).not.toBe(0);
    expect(looksDenied(result, 'bubblewrap')).toBe(true);
    expect([existsSync(join(where.cwd, 'new')), existsSync('/tmp/new-parley')]).toEqual([false, false]);
  });

  it('writes in its roots and nowhere else', async () => {
    const where = place();
    const root = made(where.outside, 'root');
    const temporary = made(where.outside, 'temporary');
    const policy = {
      ...WORKSPACE,
      writableRoots: [root, join(where.outside, 'missing')],
      excludeTmpdirEnvVar: false,
    };
    const result = await run(
      where,
      policy,
      `echo a > a; echo b > ${root}/b; echo c > "$TMPDIR/c"; echo d > ../d; echo e > ${where.codexHome}/e; echo f > /f-parley`,
      { ...ENV, TMPDIR: temporary },
    );
    expect(looksDenied(result, 'bubblewrap')).toBe(true);
    const paths = [
      join(where.cwd, 'a'),
      join(root, 'b'),
      join(temporary, 'c'),
      join(where.outside, 'd'),
      join(where.codexHome, 'e'),
      '/f-parley',
    ];
    expect(paths.map((path) => existsSync(path))).toEqual([true, true, true, false, false, false]);
  });

  it('writes in /tmp and TMPDIR only where they are not excluded', async () => {
    const where = place();
    const name = `/tmp/${basename(where.outside)}-file`;
    onTestFinished(() => void execFileSync('rm', ['-f', name]));
    const script = `echo x > ${name}`;
    expect((await run(where, WORKSPACE, script)).exitCode).not.toBe(0);
    expect((await run(where, WORKSPACE, script, { ...ENV, TMPDIR: '/tmp' })).exitCode).not.toBe(0);
    expect((await run(where, { ...WORKSPACE, excludeSlashTmp: false }, script)).exitCode).toBe(0);
  });

  it('does not change what would give it more rights', async () => {
    const where = place();
    for (const name of ['.git', '.agents', '.codex']) mkdirSync(join(where.cwd, name));
    const home = made(where.cwd, 'home');
    const memories = made(home, 'memories');
    const policy = { ...WORKSPACE, writableRoots: [memories] };
    const result = await run(
      { ...where, codexHome: home },
      policy,
      'for f in .git .agents .codex home home/memories .; do echo x > $f/file; done; mv .git git; rm -rf .codex; ls -A',
    );
    expect(
      ['.git', '.agents', '.codex', 'home', 'home/memories', '.'].map((name) =>
        existsSync(join(where.cwd, name, 'file')),
      ),
    ).toEqual([false, false, false, false, true, true]);
    expect(result.stdout).toBe('.agents\n.codex\n.git\nfile\nhome\n');
  });

  it('puts nothing in the place of the settings by moving what is around them', async () => {
    const where = place();
    const around = made(where.cwd, 'around', 'deeper');
    const home = made(around, 'home');
    const script =
      'for f in around/deeper/home around/deeper around; do mv -T $f gone-$(basename $f); done; ' +
      'mkdir -p around/deeper/home/rules; echo x > around/deeper/home/rules/file; echo x > around/deeper/file';
    await run({ ...where, codexHome: home }, WORKSPACE, script);
    const files = [join(around, 'file'), join(home, 'rules')];
    expect(files.map((path) => existsSync(path))).toEqual([true, false]);
  });

  it('writes no rules, though they are a root or a link leads into one', async () => {
    const where = place();
    const rules = made(where.codexHome, 'rules');
    await run({ ...where, cwd: rules }, WORKSPACE, 'echo x > file; echo x > ../file');
    rmdirSync(rules);
    symlinkSync(made(where.cwd, 'mine'), rules);
    await run(where, WORKSPACE, `echo x > mine/file; echo x > ${rules}/file; echo x > file`);
    const files = [join(rules, 'file'), join(where.codexHome, 'file'), join(where.cwd, 'file')];
    expect(files.map((path) => existsSync(path))).toEqual([false, false, true]);
  });

  it('does not change settings that are links into a root', async () => {
    const where = place();
    const dot = made(where.cwd, 'dot');
    writeFileSync(join(dot, 'config.toml'), '');
    symlinkSync(join(dot, 'config.toml'), join(where.codexHome, 'config.toml'));
    symlinkSync(join(made(where.cwd, 'instructions'), 'AGENTS.md'), join(where.codexHome, 'AGENTS.md'));
    symlinkSync(join(made(where.cwd, 'far'), 'rules'), join(where.codexHome, 'rules'));
    const script = [
      'echo x > dot/config.toml; echo x > new; mv new dot/config.toml',
      'mv dot moved; echo x > dot/other',
      'echo x > instructions/AGENTS.md; mkdir far/rules; mv far farther',
    ].join('; ');
    await run(where, WORKSPACE, script);
    expect(readFileSync(join(dot, 'config.toml'), 'utf8')).toBe('');
    const names = ['new', 'dot/other', 'instructions/AGENTS.md', 'far/rules', 'farther', 'moved'];
    expect(names.filter((name) => existsSync(join(where.cwd, name)))).toEqual(['new', 'dot/other']);
  });

  it('does not change the repository that a pointer or a link leads to', async () => {
    const where = place();
    const repository = made(where.cwd, 'main', '.git');
    const folder = made(repository, 'worktrees', 'tree');
    writeFileSync(join(folder, 'commondir'), '../..\n');
    const tree = made(where.cwd, 'tree');
    writeFileSync(join(tree, '.git'), `gitdir: ${folder}\n`);
    const target = made(where.cwd, 'agents');
    symlinkSync(target, join(tree, '.agents'));
    const policy = { ...WORKSPACE, writableRoots: [tree] };
    await run(
      where,
      policy,
      `echo x > ${folder}/x; echo x > ${repository}/x; echo x >> tree/.git; echo x > agents/x; echo x > main/x`,
    );
    expect(
      [join(folder, 'x'), join(repository, 'x'), join(target, 'x'), join(where.cwd, 'main', 'x')].map(
        (path) => existsSync(path),
      ),
    ).toEqual([false, false, false, true]);
    expect(readFileSync(join(tree, '.git'), 'utf8')).toBe(`gitdir: ${folder}\n`);
  });

  it('is not led elsewhere by a link that a command put in the place of a root', async () => {
    const where = place();
    const inner = made(where.cwd, 'inner');
    const policy = { ...WORKSPACE, writableRoots: [inner] };
    expect((await run(where, policy, 'true')).exitCode).toBe(0);
    renameSync(inner, join(where.cwd, 'moved'));
    symlinkSync('/etc', inner);
    const { cwd, codexHome } = where;
    expect(
      await where.sandbox.sandboxed(['true'], policy, { cwd, workspace: cwd, env: ENV, codexHome }),
    ).toEqual({
      unavailable: `the writable root ${inner} led to ${inner} before and leads to /etc now`,
    });
  });

  it('follows a root that is a link', async () => {
    const where = place();
    const target = made(where.outside, 'target');
    const link = join(where.outside, 'link');
    symlinkSync(target, link);
    expect((await run(where, { ...WORKSPACE, writableRoots: [link] }, `echo x > ${link}/x`)).exitCode).toBe(
      0,
    );
    expect(existsSync(join(target, 'x'))).toBe(true);
  });

  it('reaches no listener outside without network access, and does with it', async () => {
    const where = place();
    const tcp = await listen({ port: 0, host: '127.0.0.1' });
    const address = tcp.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const path = join(where.cwd, 'listener');
    await listen({ path });
    const script = `${connecting(`${port}, '127.0.0.1'`)}; ${connecting(`'${path}'`)}; echo "$CODEX_SANDBOX_NETWORK_DISABLED."`;
    expect((await run(where, WORKSPACE, script)).stdout).toBe('ECONNREFUSED\nECONNREFUSED\n1.\n');
    expect((await run(where, { ...WORKSPACE, networkAccess: true }, script)).stdout).toBe(
      'reached\nreached\n.\n',
    );
  });

  it('reaches no listener that was bound by a relative name, or renamed afterwards', async () => {
    const where = place();
    const program = `
      const { renameSync } = require('fs');
      const listen = (name, next) => require('net').createServer((socket) => socket.end('reached')).listen(name, next);
      listen('relative', () => listen(process.cwd() + '/first', () => {
        renameSync('first', 'renamed');
        console.log('up');
      }));`;
    const server = spawn(process.execPath, ['-e', program], {
      cwd: where.cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void server.kill('SIGKILL'));
    await once(createInterface({ input: server.stdout }), 'line');
    const script = ['relative', 'renamed'].map((name) => connecting(`'${join(where.cwd, name)}'`)).join('; ');
    expect((await run(where, { ...WORKSPACE, networkAccess: true }, script)).stdout).toBe(
      'reached\nreached\n',
    );
    const refused = 'ECONNREFUSED\nECONNREFUSED\n';
    expect((await run(where, WORKSPACE, script)).stdout).toBe(refused);
    expect((await run(where, WORKSPACE, script)).stdout).toBe(refused);
  });

  it('cannot switch anything of the machine, nor see processes of others', async () => {
    const result = await run(
      place(),
      { ...WORKSPACE, excludeSlashTmp: false },
      `find /proc/sys /sys -writable -type f 2>/dev/null | head -n 3; test -w /proc/sysrq-trigger && echo sysrq; kill -0 ${process.pid} 2>/dev/null && echo seen; ls /dev/sd* /dev/vd* 2>/dev/null; grep CapEff /proc/self/status; echo ok > /dev/stdout`,
    );
    expect(result.stdout).toBe('CapEff:\t0000000000000000\nok\n');
  });

  it('leaves no process behind, whatever it starts', async () => {
    const where = place();
    const result = await run(where, READ_ONLY, `setsid env -i sh -c 'sleep 600' & (sleep 600 &) ; echo ok`);
    expect([result.exitCode, result.stdout]).toEqual([0, 'ok\n']);
    expect(processesWith(where.groups.runId)).toEqual([]);
    const { sandbox, cwd, codexHome, groups } = where;
    const script = `trap '' TERM; setsid env -i sleep 600.5 & while :; do sleep 1; done`;
    const command = await sandbox.sandboxed(['sh', '-c', script], READ_ONLY, {
      cwd,
      workspace: cwd,
      env: ENV,
      codexHome,
    });
    if ('unavailable' in command) throw new Error(command.unavailable);
    const late = ended(
      await runCommand({ argv: command.argv, cwd, env: command.env, groups, timeoutMs: 300 }),
    );
    expect([late.exitCode, late.timedOut]).toEqual([124, true]);
    expect(execFileSync('ps', ['axo', 'args'], { encoding: 'utf8' })).not.toMatch(/^sleep 600\.5$/mu);
  });

  it('can have everything as a root, and is still kept from what is protected', async () => {
    const where = place();
    mkdirSync(join(where.cwd, '.git'));
    const result = await run(
      where,
      { ...WORKSPACE, writableRoots: ['/'] },
      'echo x > ../x; echo x > .git/x; echo x > /proc/sys/kernel/hostname; ls /dev/null',
    );
    expect([existsSync(join(where.outside, 'x')), existsSync(join(where.cwd, '.git', 'x'))]).toEqual([
      true,
      false,
    ]);
    expect(result.stdout).toBe('/dev/null\n');
  });
});

describe('Sandbox', () => {
  const environment = { cwd: '/', workspace: '/', env: ENV, codexHome: '/nowhere' };

  it('leaves a command alone that needs none', async () => {
    const sandbox = new Sandbox({ groups: testGroups(), path: ENV.PATH });
    for (const type of ['dangerFullAccess', 'externalSandbox'] as const) {
      expect(await sandbox.sandboxed(['ls'], { type }, environment)).toEqual({
        kind: 'none',
        argv: ['ls'],
        env: ENV,
      });
    }
  });

  it('refuses what is not absolute', async () => {
    const sandbox = new Sandbox({ groups: testGroups(), path: ENV.PATH });
    expect(await sandbox.sandboxed(['ls'], { ...WORKSPACE, writableRoots: ['a/b'] }, environment)).toEqual({
      unavailable: 'the writable root a/b is not an absolute path',
    });
    expect(await sandbox.sandboxed(['ls'], READ_ONLY, { ...environment, cwd: 'a' })).toEqual({
      unavailable: 'the working directory a is not an absolute path',
    });
  });

  it('says where there is none', async () => {
    const groups = testGroups();
    const windows = new Sandbox({ groups, path: '', platform: 'win32' });
    expect(await windows.sandboxed(['ls'], READ_ONLY, environment)).toEqual({
      unavailable: 'there is no sandbox for win32',
    });
  });
});
