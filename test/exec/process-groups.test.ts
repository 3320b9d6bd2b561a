import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCommand } from '../../src/exec/index.ts';
import { ENV, processesNamed, processesWith, sh, testGroups } from './support.ts';

const onLinux = process.platform === 'linux';

describe('ProcessGroups', () => {
  it.runIf(onLinux)('finds those that left the group of their command', async () => {
    const groups = testGroups();
    const result = await sh(`setsid sh -c 'trap "" TERM; while :; do sleep 1; done' & sleep 600`, {
      groups,
      timeoutMs: 200,
    });
    expect([result.exitCode, result.timedOut]).toEqual([124, true]);
    expect(processesWith(groups.runId)).toEqual([]);
  });

  it.runIf(onLinux)(
    'finds those that left the group and cleared their variables, by who started them',
    async () => {
      const groups = testGroups();
      const name = `parley-${groups.runId}`;
      const cleared = `env -i setsid sh -c 'sleep 600; : ${name}' &`;
      const script = `${cleared} (trap '' TERM; ${cleared} wait) & setsid sh -c '${cleared.replaceAll("'", '"')} wait' & wait`;
      const controller = new AbortController();
      const running = sh(script, { groups, signal: controller.signal });
      await vi.waitFor(() => expect(processesNamed(`sh -c sleep 600; : ${name}`)).toHaveLength(3), 10_000);
      controller.abort();
      expect((await running).aborted).toBe(true);
      expect(processesNamed(`: ${name}`)).toEqual([]);
    },
  );

  it.runIf(onLinux)('finds these also when all are ended', async () => {
    const groups = testGroups();
    const name = `parley-${groups.runId}`;
    const running = sh(`env -i setsid sh -c 'sleep 600; : ${name}' & wait`, { groups });
    await vi.waitFor(() => expect(processesNamed(`sh -c sleep 600; : ${name}`)).toHaveLength(1), 10_000);
    await groups.endAll();
    await running;
    expect(processesNamed(`: ${name}`)).toEqual([]);
  });

  it('ends many that end at the same time', async () => {
    const groups = testGroups();
    const results = await Promise.all(
      Array.from({ length: 40 }, () => sh('sleep 600 >/dev/null 2>&1 &', { groups })),
    );
    expect(results.every(({ exitCode }) => exitCode === 0)).toBe(true);
    expect(groups.ids).toHaveLength(40);
    await groups.endAll();
    expect(groups.ids).toEqual([]);
  });

  it.runIf(onLinux)('keeps up with processes that go on starting others', async () => {
    const groups = testGroups();
    const script = `breed() { while :; do setsid sh -c 'sleep 600' & sleep 0.01; done; }; breed & breed & wait`;
    const result = await sh(script, { groups, timeoutMs: 400 });
    expect(result.timedOut).toBe(true);
    expect(processesWith(groups.runId)).toEqual([]);
  });

  it('ends what commands left in the background', async () => {
    const groups = testGroups();
    await sh('sleep 600 >/dev/null 2>&1 & sleep 600 >/dev/null 2>&1 &', { groups });
    expect(processesWith(groups.runId)).toHaveLength(2);
    await groups.endAll();
    expect(processesWith(groups.runId)).toEqual([]);
    expect(groups.ids).toEqual([]);
  });

  it('forgets a group that is empty', async () => {
    const groups = testGroups();
    await sh('true', { groups });
    await sh('sleep 0.3 >/dev/null 2>&1 &', { groups });
    expect(groups.ids).toHaveLength(1);
    await vi.waitFor(() => expect(groups.ids).toEqual([]), 10_000);
  });

  it('starts no command any more once all are being ended', async () => {
    const groups = testGroups();
    const running = sh('sleep 600', { groups });
    await vi.waitFor(() => expect(groups.ids).toHaveLength(1), 10_000);
    await groups.endAll();
    expect((await running).signal).toBe('SIGTERM');
    expect(await runCommand({ argv: ['true'], cwd: '/', env: ENV, groups })).toEqual({
      kind: 'notStarted',
      code: 'ECANCELED',
      message: 'no command is started any more',
    });
  });

  it('kills at once when there is no time', async () => {
    const groups = testGroups();
    const running = sh(`trap '' TERM; while :; do sleep 0.1; done`, { groups });
    await vi.waitFor(() => expect(groups.ids).toHaveLength(1), 10_000);
    groups.killAll();
    expect((await running).signal).toBe('SIGKILL');
  });

  it.runIf(onLinux)('has the commands of a daemon that was killed ended', async () => {
    const runId = randomUUID();
    const name = `parley-${runId}`;
    const cleared = `env -i setsid sh -c 'sleep 600; : ${name}'`;
    const program = `
      import { ProcessGroups, runCommand } from './src/exec/index.ts';
      const groups = new ProcessGroups({ runId: '${runId}' });
      void runCommand({
        argv: ['sh', '-c', "sleep 600 & setsid sleep 600 & ${cleared} & trap '' TERM; echo up; while :; do sleep 1; done"],
        cwd: '/', env: process.env, groups, onOutput: (text) => process.stdout.write(text),
      });`;
    const daemon = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void daemon.kill('SIGKILL'));
    await once(createInterface({ input: daemon.stdout }), 'line');
    expect(processesWith(runId).length).toBeGreaterThanOrEqual(3);
    await vi.waitFor(() => expect(processesNamed(`sh -c sleep 600; : ${name}`)).toHaveLength(1), 10_000);
    daemon.kill('SIGKILL');
    await vi.waitFor(() => expect(processesWith(runId)).toEqual([]), 10_000);
    await vi.waitFor(() => expect(processesNamed(`sh -c sleep 600; : ${name}`)).toEqual([]), 10_000);
  });
});
