import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WireMessage } from '../support/daemon.ts';
import {
  beginCalls,
  call,
  commandView,
  exec,
  itemEnd,
  openActing,
  outputOf,
  question,
  questions,
  expectNoProcess,
  wholeCalls,
} from './acting.ts';
import type { Acting, ActingOptions, Calling } from './acting.ts';
import { ACTIVE, endOf, IDLE, script, wholeTurn } from './turns.ts';

const WAITING = { type: 'active', activeFlags: ['waitingOnApproval'] };
const REJECTED = 'exec command rejected by user';

interface Asked extends Calling {
  readonly acting: Acting;
  readonly asked: WireMessage;
  readonly file: string;
}

/** A turn whose command, which makes a file, is being asked about. */
async function askedAbout(options: ActingOptions = {}): Promise<Asked> {
  const acting = await openActing({ approvals: 'untrusted', ...options });
  const calling = await beginCalls(acting, [exec('touch made')]);
  return { ...calling, acting, asked: await question(acting.daemon), file: join(acting.folder, 'made') };
}

/** Answers the question, and gives the request that tells what came of the call. */
async function answered({ acting, asked, next }: Asked, answer: object): Promise<unknown> {
  acting.daemon.write({ id: asked.id, ...answer });
  return outputOf(await next());
}

/** The flags of a thread, in the order in which they were told. */
function statuses({ daemon }: Acting): unknown[] {
  return daemon.notifications('thread/status/changed').map(({ params }) => params?.['status']);
}

describe('the question whether a command may run', () => {
  it('comes after its item and the status, and is followed by its end', async () => {
    const asked = await askedAbout();
    const { acting, before, turnId } = asked;
    const { daemon, folder, threadId } = acting;
    daemon.write({ id: asked.asked.id, result: { decision: 'accept' } });
    await itemEnd(daemon);
    const output = outputOf(await asked.next());
    expect(output).toMatch(/^Chunk ID: .*\nWall time: .*\nProcess exited with code 0\nOutput:\n$/);
    expect(existsSync(asked.file)).toBe(true);
    const told = script(threadId, turnId);
    const item = commandView(acting, 'touch made');
    const messages = daemon.messages.slice(before + 1);
    const from = messages.findIndex(
      ({ params }) => (params?.['item'] as { id?: string } | undefined)?.id === 'c1',
    );
    const to = messages.findIndex(({ method }) => method === 'thread/tokenUsage/updated');
    expect(messages.slice(from, to)).toEqual([
      told.itemStarted(item),
      told.status(WAITING),
      {
        method: 'item/commandExecution/requestApproval',
        id: 0,
        params: {
          threadId,
          turnId,
          itemId: 'c1',
          startedAtMs: expect.any(Number),
          command: "/bin/sh -lc 'touch made'",
          cwd: folder,
          commandActions: [{ type: 'unknown', command: 'touch made' }],
          proposedExecpolicyAmendment: ['touch', 'made'],
          availableDecisions: [
            'accept',
            { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['touch', 'made'] } },
            'cancel',
          ],
        },
      },
      { method: 'serverRequest/resolved', params: { threadId, requestId: 0 } },
      told.status(ACTIVE),
      told.itemCompleted({
        ...item,
        status: 'completed',
        aggregatedOutput: '',
        exitCode: 0,
        durationMs: expect.any(Number),
      }),
    ]);
  });

  it.each([
    ['decline', { result: { decision: 'decline' } }],
    ['an error', { error: { code: -32_000, message: 'the window was closed' } }],
    ['a decision that there is not', { result: { decision: 'perhaps' } }],
    ['no object', { result: 'accept' }],
    ['null', { result: null }],
  ])('answered by %s is a no, and the turn goes on', async (_name, answer) => {
    const asked = await askedAbout();
    expect(await answered(asked, answer)).toBe(REJECTED);
    const { daemon } = asked.acting;
    expect(await itemEnd(daemon)).toEqual(commandView(asked.acting, 'touch made', { status: 'declined' }));
    expect(daemon.notifications('serverRequest/resolved')).toHaveLength(1);
    expect(existsSync(asked.file)).toBe(false);
    (await asked.acting.upstream.request(1)).answer('m1', ['as you like']);
    expect((await endOf(daemon, asked.turnId))['status']).toBe('completed');
    await wholeTurn(asked.acting, 'next');
  });

  it('answered by cancel ends the turn', async () => {
    const asked = await askedAbout();
    const { acting, turnId } = asked;
    acting.daemon.write({ id: asked.asked.id, result: { decision: 'cancel' } });
    expect(await endOf(acting.daemon, turnId)).toMatchObject({ status: 'interrupted', error: null });
    expect(await itemEnd(acting.daemon)).toMatchObject({ status: 'declined' });
    expect(existsSync(asked.file)).toBe(false);
    expect(acting.upstream.requests).toHaveLength(1);
    const { index } = await wholeTurn(acting, 'next');
    expect(outputOf(await acting.upstream.request(index))).toBe(REJECTED);
  });

  it.each([
    'acceptForSession',
    { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['touch', 'made'] } },
    { acceptWithExecpolicyAmendment: { execpolicy_amendment: [] } },
  ])('answered by %j is not asked again', async (decision) => {
    const asked = await askedAbout();
    expect(await answered(asked, { result: { decision } })).toMatch(/exited with code 0/);
    (await asked.acting.upstream.request(1)).answer('m1', ['done']);
    await endOf(asked.acting.daemon, asked.turnId);
    const { request } = await wholeCalls(asked.acting, [exec('touch made', {}, 'c2')]);
    expect(outputOf(request, 'c2')).toMatch(/exited with code 0/);
    expect(questions(asked.acting.daemon)).toHaveLength(1);
    await beginCalls(asked.acting, [exec('touch other', {}, 'c3')]);
    expect((await question(asked.acting.daemon, 1)).params).toMatchObject({ itemId: 'c3' });
  });

  it('answered by accept is asked again for the next', async () => {
    const asked = await askedAbout();
    await answered(asked, { result: { decision: 'accept' } });
    (await asked.acting.upstream.request(1)).answer('m1', ['done']);
    await endOf(asked.acting.daemon, asked.turnId);
    await beginCalls(asked.acting, [exec('touch made', {}, 'c2')]);
    expect(await question(asked.acting.daemon, 1)).toMatchObject({ id: 1, params: { itemId: 'c2' } });
  });

  it('that is open when the turn is interrupted is over before that', async () => {
    const { acting, asked, file, turnId } = await askedAbout();
    const { daemon, threadId } = acting;
    const answer = await daemon.call('turn/interrupt', { threadId, turnId });
    expect(answer.result).toEqual({});
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'interrupted' });
    const methods = daemon.notifications().map(({ method }) => method);
    expect(methods.indexOf('serverRequest/resolved')).toBeLessThan(methods.indexOf('turn/completed'));
    expect(daemon.notifications('serverRequest/resolved')).toEqual([
      { method: 'serverRequest/resolved', params: { threadId, requestId: asked.id } },
    ]);
    // An answer that comes too late changes nothing.
    daemon.write({ id: asked.id, result: { decision: 'accept' } });
    const { index } = await wholeTurn(acting, 'next');
    expect(outputOf(await acting.upstream.request(index))).toMatch(/^aborted by user after \d+\.\ds$/);
    expect(existsSync(file)).toBe(false);
    expect(statuses(acting)).toEqual([ACTIVE, WAITING, ACTIVE, IDLE, ACTIVE, IDLE]);
  });

  it('ends with the daemon when the client ends its input', async () => {
    const { acting, file } = await askedAbout();
    await acting.daemon.stop();
    await expectNoProcess(acting.mark);
    expect(existsSync(file)).toBe(false);
  });

  it('shows both kinds of waiting where both are open', async () => {
    const acting = await openActing({ approvals: 'untrusted' });
    const { daemon } = acting;
    const ask = { id: 'q', header: 'Hue', question: 'Which colour?' };
    const { next, turnId } = await beginCalls(acting, [
      exec('touch made'),
      call('request_user_input', { questions: [ask] }, 'c2'),
    ]);
    const first = await question(daemon);
    daemon.write({ id: first.id, result: { decision: 'decline' } });
    const second = await question(daemon, 1);
    daemon.write({ id: second.id, result: { answers: { q: { answers: ['red'] } } } });
    (await next()).answer('m1', ['done']);
    await endOf(daemon, turnId);
    const waitingOnUserInput = { type: 'active', activeFlags: ['waitingOnUserInput'] };
    expect(statuses(acting)).toEqual([ACTIVE, WAITING, ACTIVE, waitingOnUserInput, ACTIVE, IDLE]);
  });
});

describe('the policies', () => {
  const RISKY = 'rm -rf made';

  it('untrusted lets what only looks run unasked', async () => {
    const acting = await openActing({ approvals: 'untrusted' });
    const { request } = await wholeCalls(acting, [exec('pwd && ls')]);
    expect(outputOf(request)).toMatch(/exited with code 0/);
    expect(questions(acting.daemon)).toEqual([]);
  });

  it.each(['on-request', 'on-failure', 'never'] as const)(
    '%s asks of nothing that is harmless',
    async (approvals) => {
      const acting = await openActing({ approvals });
      const { request } = await wholeCalls(acting, [exec('touch made && echo done')]);
      expect(outputOf(request)).toMatch(/done\n$/);
      expect(questions(acting.daemon)).toEqual([]);
    },
  );

  it.each(['untrusted', 'on-request', 'on-failure'] as const)(
    '%s asks of what destroys',
    async (approvals) => {
      const acting = await openActing({ approvals });
      const { next } = await beginCalls(acting, [exec(RISKY)]);
      const asked = await question(acting.daemon);
      acting.daemon.write({ id: asked.id, result: { decision: 'decline' } });
      expect(outputOf(await next())).toBe(REJECTED);
    },
  );

  it('never refuses what destroys where there are limits, and shows nothing of it', async () => {
    const acting = await openActing({ sandbox: 'read-only' });
    const { request, told } = await wholeCalls(acting, [exec(RISKY)]);
    expect(outputOf(request)).toMatch(/refused.*`never`/);
    expect(JSON.stringify(told)).not.toContain('commandExecution');
  });

  it('never lets what destroys run where there are no limits', async () => {
    const acting = await openActing();
    const { request } = await wholeCalls(acting, [exec(RISKY)]);
    expect(outputOf(request)).toMatch(/exited with code 0/);
  });

  it.each(['untrusted', 'on-failure', 'never'] as const)(
    '%s lets no call leave the sandbox',
    async (approvals) => {
      const acting = await openActing({ approvals });
      const escalated = { sandbox_permissions: 'require_escalated', justification: 'May I?' };
      const { request, told } = await wholeCalls(acting, [
        exec('touch made', escalated),
        call('shell', { command: ['touch', 'made'], ...escalated }, 'c2'),
      ]);
      for (const callId of ['c1', 'c2']) expect(outputOf(request, callId)).toContain(`\`${approvals}\``);
      expect(JSON.stringify(told)).not.toContain('commandExecution');
      expect(existsSync(join(acting.folder, 'made'))).toBe(false);
    },
  );

  it('of the next turn count for its commands', async () => {
    const asked = await askedAbout();
    await answered(asked, { result: { decision: 'accept' } });
    (await asked.acting.upstream.request(1)).answer('m1', ['done']);
    await endOf(asked.acting.daemon, asked.turnId);
    const { request } = await wholeCalls(asked.acting, [exec('touch made', {}, 'c2')], {
      approvalPolicy: 'never',
    });
    expect(outputOf(request, 'c2')).toMatch(/exited with code 0/);
    expect(questions(asked.acting.daemon)).toHaveLength(1);
  });
});
