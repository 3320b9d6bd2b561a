import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../src/exec/index.ts';
import type { OutputStream } from '../../src/exec/index.ts';
import { testFolder } from '../support/folder.ts';
import { ended, ENV, processesWith, sh, testGroups } from './support.ts';

describe('runCommand', () => {
  it('gives code and outputs, separate and together', async () => {
    const pieces: [string, OutputStream][] = [];
    const result = await sh('echo one; read x <&3; echo two >&2; exit 3', {
      groups: testGroups(),
      onOutput: (text, stream) => pieces.push([text, stream]),
    });
    expect(result).toEqual({
      kind: 'ended',
      exitCode: 3,
      signal: null,
      durationMs: expect.any(Number),
      stdout: 'one\n',
      stderr: expect.stringMatching(/two\n$/u),
      aggregated: expect.stringContaining('one\n'),
      truncatedBytes: 0,
      lines: 3,
      timedOut: false,
      aborted: false,
    });
    expect(pieces.filter(([, stream]) => stream === 'stdout')).toEqual([['one\n', 'stdout']]);
  });

  it('runs in its directory with its variables alone, and without an input', async () => {
    const folder = testFolder();
    const groups = testGroups();
    const env = { ...ENV, GREETING: 'hello' };
    const result = await sh('pwd; echo "$GREETING" "$HOME."; cat', { groups, cwd: folder, env });
    expect(result.stdout).toBe(`${folder}\nhello .\n`);
  });

  it.runIf(process.platform !== 'win32')('lets a command open its outputs by name', async () => {
    const result = await sh('echo out > /dev/stdout; echo err > /dev/stderr', { groups: testGroups() });
    expect([result.stdout, result.stderr, result.exitCode]).toEqual(['out\n', 'err\n', 0]);
  });

  it('says of a command that was ended by a signal by which', async () => {
    const result = await sh('kill -KILL $$', { groups: testGroups() });
    expect([result.exitCode, result.signal, result.timedOut, result.aborted]).toEqual([
      137,
      'SIGKILL',
      false,
      false,
    ]);
  });

  it('replaces what is no text, and joins what was cut', async () => {
    const script = String.raw`printf '\377\376a\000'; printf '\342\202'; sleep 0.05; printf '\254'; printf '\360'`;
    const result = await sh(script, { groups: testGroups() });
    expect(result.stdout).toBe('\ufffd\ufffda\0€\ufffd');
  });

  it('says why a command was not started', async () => {
    const groups = testGroups();
    const folder = testFolder();
    const run = (argv: string[], cwd: string) => runCommand({ argv, cwd, env: ENV, groups });
    expect(await run(['parley-no-such-program'], folder)).toEqual({
      kind: 'notStarted',
      code: 'ENOENT',
      message: 'parley-no-such-program could not be started: spawn parley-no-such-program ENOENT',
    });
    expect(await run([folder], folder)).toMatchObject({ kind: 'notStarted', code: 'EACCES' });
    expect(await run(['true'], join(folder, 'missing'))).toEqual({
      kind: 'notStarted',
      code: 'ENOENT',
      message: `the directory ${join(folder, 'missing')} is not there (ENOENT)`,
    });
    expect(await run(['echo', 'a\0b'], folder)).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    expect(await run(['echo', 'x'.repeat(10_000_000)], folder)).toMatchObject({ code: 'E2BIG' });
    const long = await run(['x'.repeat(3_000)], folder);
    expect(long).toMatchObject({ kind: 'notStarted', code: 'ENAMETOOLONG' });
    expect(long.kind === 'notStarted' && long.message.length < 600).toBe(true);
    expect(await run([], folder)).toMatchObject({ kind: 'notStarted' });
  });

  it('ends a command whose time is over', async () => {
    const result = await sh('echo begun; sleep 600', { groups: testGroups(), timeoutMs: 200 });
    expect(result).toEqual({
      kind: 'ended',
      exitCode: 124,
      signal: 'SIGTERM',
      durationMs: expect.any(Number),
      stdout: 'begun\n',
      stderr: '',
      aggregated: 'begun\n',
      truncatedBytes: 0,
      lines: 1,
      timedOut: true,
      aborted: false,
    });
  });

  it('lets a command tidy up, and kills one that does not end', async () => {
    const groups = testGroups();
    const tidy = await sh(`trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.02; done`, {
      groups,
      timeoutMs: 300,
    });
    expect([tidy.exitCode, tidy.signal, tidy.stdout]).toEqual([124, null, 'up\nbye\n']);
    const deaf = await sh(`trap '' TERM; while :; do sleep 0.02; done`, { groups, timeoutMs: 100 });
    expect([deaf.exitCode, deaf.signal, deaf.timedOut]).toEqual([124, 'SIGKILL', true]);
  });

  it('ends a command with its children when the signal aborts', async () => {
    const groups = testGroups();
    const controller = new AbortController();
    const result = await sh('sleep 600 & sleep 600 & echo up; wait', {
      groups,
      signal: controller.signal,
      onOutput: () => controller.abort(),
    });
    expect([result.aborted, result.timedOut, result.signal, result.exitCode]).toEqual([
      true,
      false,
      'SIGTERM',
      143,
    ]);
    expect(processesWith(groups.runId)).toEqual([]);
  });

  it('does not start a command whose signal has aborted', async () => {
    const outcome = await runCommand({
      argv: ['true'],
      cwd: '/',
      env: ENV,
      groups: testGroups(),
      signal: AbortSignal.abort(),
    });
    expect(ended(outcome)).toMatchObject({ aborted: true, exitCode: -1, aggregated: '' });
  });

  it('does not wait for a process in the background that holds the output', async () => {
    const groups = testGroups();
    const result = await sh('sleep 600 & echo done', { groups });
    expect([result.exitCode, result.stdout, result.timedOut]).toEqual([0, 'done\n', false]);
    expect(groups.ids).toHaveLength(1);
  });

  it('bounds what it keeps of an output without end', async () => {
    let seen = 0;
    const controller = new AbortController();
    const result = await sh('yes', {
      groups: testGroups(),
      keptBytes: 4_096,
      signal: controller.signal,
      onOutput: (text) => {
        seen += text.length;
        if (seen > 50_000_000) controller.abort();
      },
    });
    expect(result.truncatedBytes).toBe(seen - 4_096);
    expect(result.aggregated).toHaveLength(4_096 + `\n…${result.truncatedBytes} bytes left out…\n`.length);
    expect(result.aborted).toBe(true);
  });

  it.runIf(process.platform === 'linux')('hands on nothing that the daemon was left open', async () => {
    const secret = join(testFolder(), 'secret');
    writeFileSync(secret, '');
    const left = openSync(secret, 'r');
    onTestFinished(() => closeSync(left));
    const program = `
      import { ProcessGroups, runCommand } from './src/exec/index.ts';
      const groups = new ProcessGroups();
      const argv = ['sh', '-c', 'readlink /proc/$$/fd/40 /proc/$$/fd/41 /proc/$$/fd/45'];
      const ended = await runCommand({ argv, cwd: '/', env: process.env, groups });
      console.log(JSON.stringify(ended.stdout));
      await groups.endAll();`;
    const stdio: (number | 'ignore' | 'pipe' | 'inherit')[] = ['ignore', 'pipe', 'inherit'];
    for (let descriptor = 3; descriptor < 46; descriptor += 1) stdio.push('ignore');
    stdio[40] = left;
    stdio[45] = left;
    const daemon = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio,
    });
    onTestFinished(() => void daemon.kill('SIGKILL'));
    const told = daemon.stdout === null ? '' : await text(daemon.stdout);
    expect(JSON.parse(told)).toBe('/dev/null\n/dev/null\n');
  });

  it.runIf(process.platform === 'linux')('leaves no descriptor open', async () => {
    const groups = testGroups();
    const before = readdirSync('/proc/self/fd').length;
    for (let index = 0; index < 40; index += 1) await sh('echo', { groups });
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 20);
  });
});
