import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  beginCalls,
  call,
  exec,
  exitOf,
  hasSandbox,
  itemEnd,
  openActing,
  outputOf,
  question,
  questions,
  expectNoProcess,
  untilProcess,
  wholeCalls,
} from './acting.ts';
import { endOf } from './turns.ts';

const isThere = hasSandbox();

describe.skipIf(!isThere)('a command in the sandbox', () => {
  it.each(['read-only', 'workspace-write'] as const)(
    'of %s writes to nothing but the roots',
    async (sandbox) => {
      const acting = await openActing({ sandbox });
      const { folder, outside } = acting;
      mkdirSync(join(folder, '.git'));
      writeFileSync(join(folder, '.git', 'config'), 'mine');
      const { request } = await wholeCalls(acting, [
        exec('echo in > inside', {}, 'c1'),
        exec('echo out > ../outside', {}, 'c2'),
        exec('echo theirs > .git/config', {}, 'c3'),
        exec(`echo theirs > ${acting.daemon.home}/config.toml`, {}, 'c4'),
        call('shell', { command: ['touch', join(outside, 'outside')] }, 'c5'),
      ]);
      const codes = ['c1', 'c2', 'c3', 'c4'].map(
        (id) => /exited with code (\d+)/.exec(String(outputOf(request, id)))?.[1],
      );
      expect(codes[0] === '0').toBe(sandbox === 'workspace-write');
      for (const code of codes.slice(1)) expect(code).toMatch(/^[1-9]/);
      expect(exitOf(outputOf(request, 'c5'))[0]).toBe(1);
      expect(outputOf(request, 'c2')).toMatch(/Read-only file system/i);
      expect(existsSync(join(folder, 'inside'))).toBe(sandbox === 'workspace-write');
      expect(existsSync(join(outside, 'outside'))).toBe(false);
      expect(readFileSync(join(folder, '.git', 'config'), 'utf8')).toBe('mine');
      expect(questions(acting.daemon)).toEqual([]);
    },
  );

  it.each(['read-only', 'workspace-write', 'danger-full-access'] as const)(
    'of %s reaches the network only where it may',
    async (sandbox) => {
      let connections = 0;
      const server = createServer((socket) => {
        connections += 1;
        socket.end('reached');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      const { port } = server.address() as AddressInfo;
      const acting = await openActing({ sandbox });
      const connect = `exec 3<>/dev/tcp/127.0.0.1/${port} && cat <&3`;
      const { request } = await wholeCalls(acting, [exec(connect, { shell: '/bin/bash' })]);
      const isFree = sandbox === 'danger-full-access';
      expect(connections).toBe(isFree ? 1 : 0);
      expect(outputOf(request)).toMatch(isFree ? /reached$/ : /exited with code 1\n/);
    },
  );

  it.each([
    ['exec_command', { cmd: 'touch here' }],
    ['shell', { command: ['touch', 'here'] }],
    ['shell_command', { command: 'touch here' }],
  ])('makes no root of the folder that the model runs it in, by %s', async (name, args) => {
    const acting = await openActing({ sandbox: 'workspace-write' });
    const { folder, outside } = acting;
    mkdirSync(join(folder, 'inner'));
    await wholeCalls(acting, [
      call(name, { ...args, workdir: outside }, 'c1'),
      call(name, { ...args, workdir: join(folder, 'inner') }, 'c2'),
    ]);
    expect(await itemEnd(acting.daemon, 'c1')).toMatchObject({
      status: 'failed',
      cwd: outside,
      aggregatedOutput: expect.stringMatching(/Read-only file system/i),
    });
    expect(await itemEnd(acting.daemon, 'c2')).toMatchObject({ status: 'completed' });
    expect([outside, join(folder, 'inner')].map((each) => existsSync(join(each, 'here')))).toEqual([
      false,
      true,
    ]);
  });

  it('is ended with all its processes when the turn is interrupted', async () => {
    const acting = await openActing({ sandbox: 'workspace-write' });
    const { daemon, mark, threadId } = acting;
    const { turnId } = await beginCalls(acting, [
      exec(`trap '' TERM; (setsid sleep 641 &) ; sleep 642; sleep 643`),
    ]);
    await untilProcess(mark, 'sleep 642');
    expect((await daemon.call('turn/interrupt', { threadId, turnId })).result).toEqual({});
    await endOf(daemon, turnId);
    await expectNoProcess(mark);
  });

  it('under on-request may leave it when the model asks and the user consents', async () => {
    const acting = await openActing({ sandbox: 'workspace-write', approvals: 'on-request' });
    const { daemon, outside } = acting;
    const escalated = { sandbox_permissions: 'require_escalated', justification: 'May I write beside it?' };
    const { next } = await beginCalls(acting, [exec('echo out > ../outside', escalated)]);
    const asked = await question(daemon);
    expect(asked.params).toMatchObject({ reason: 'May I write beside it?' });
    daemon.write({ id: asked.id, result: { decision: 'accept' } });
    expect(outputOf(await next())).toMatch(/exited with code 0/);
    expect(readFileSync(join(outside, 'outside'), 'utf8')).toBe('out\n');
  });

  it('that was accepted for the session within it is asked about when it wants to leave it', async () => {
    const acting = await openActing({ sandbox: 'workspace-write', approvals: 'untrusted' });
    const { daemon } = acting;
    const first = await beginCalls(acting, [exec('touch made')]);
    const asked = await question(daemon);
    daemon.write({ id: asked.id, result: { decision: 'acceptForSession' } });
    (await first.next()).answer('m1', ['done']);
    await endOf(daemon, first.turnId);
    const escalated = { sandbox_permissions: 'require_escalated' };
    await beginCalls(acting, [exec('touch made', escalated, 'c2')], { approvalPolicy: 'on-request' });
    expect((await question(daemon, 1)).params).toMatchObject({ itemId: 'c2' });
  });

  const kinds = [
    ['exec_command', { cmd: 'echo out > ../outside' }],
    ['shell', { command: ['sh', '-c', 'echo out > ../outside'] }],
  ] as const;

  it.each(kinds)(
    'that failed there as %s is asked about under on-failure, and run again',
    async (name, args) => {
      const acting = await openActing({ sandbox: 'workspace-write', approvals: 'on-failure' });
      const { daemon, outside } = acting;
      const { next } = await beginCalls(acting, [call(name, args)]);
      const asked = await question(daemon);
      expect(asked.params).toMatchObject({ reason: expect.stringContaining('sandbox') });
      expect(existsSync(join(outside, 'outside'))).toBe(false);
      daemon.write({ id: asked.id, result: { decision: 'accept' } });
      expect(outputOf(await next())).toMatch(/exited with code 0|^Exit code: 0/);
      expect(readFileSync(join(outside, 'outside'), 'utf8')).toBe('out\n');
      expect(await itemEnd(daemon)).toMatchObject({ status: 'completed', exitCode: 0 });
      const ends = daemon
        .notifications('item/completed')
        .filter(({ params }) => (params?.['item'] as { id: string }).id === 'c1');
      expect(ends).toHaveLength(1);
    },
  );

  it.each(kinds)('that failed there as %s gives its failure where the user declines', async (name, args) => {
    const acting = await openActing({ sandbox: 'workspace-write', approvals: 'on-failure' });
    const { daemon, outside } = acting;
    const { next } = await beginCalls(acting, [call(name, args)]);
    const asked = await question(daemon);
    daemon.write({ id: asked.id, result: { decision: 'decline' } });
    expect(outputOf(await next())).toMatch(/Read-only file system/);
    expect(existsSync(join(outside, 'outside'))).toBe(false);
    expect(await itemEnd(daemon)).toMatchObject({ status: 'failed', exitCode: expect.any(Number) });
  });

  it.each(['on-request', 'never'] as const)(
    'that failed there is not asked about under %s',
    async (approvals) => {
      const acting = await openActing({ sandbox: 'workspace-write', approvals });
      const { request } = await wholeCalls(acting, [exec('echo out > ../outside')]);
      expect(outputOf(request)).toMatch(/Read-only file system/);
      expect(questions(acting.daemon)).toEqual([]);
    },
  );
});
