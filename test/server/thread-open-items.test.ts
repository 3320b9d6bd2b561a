import { expect, it } from 'vitest';
import type { TestDaemon } from '../support/daemon.ts';
import { completed } from '../support/responses-upstream.ts';
import type { UpstreamEvent } from '../support/responses-upstream.ts';
import { call, exec, openActing } from './acting.ts';
import type { Acting } from './acting.ts';
import { readThread, resumeThread } from './stored-threads.ts';
import type { TurnObject } from './stored-threads.ts';
import { endOf, startTurn } from './turns.ts';

const PATCH = '*** Begin Patch\n*** Add File: made\n+here\n*** End Patch\n';

/** Starts a turn that asks about what the model wants, and gives the question. */
async function asking(thread: Acting, ...wanted: readonly UpstreamEvent[]) {
  const { daemon, upstream } = thread;
  const turnId = await startTurn(thread, 'go');
  const request = await upstream.request();
  request.send(...wanted, completed('r0'));
  request.end();
  const question = await daemon.waitFor(
    'a question',
    ({ id, method }) => id !== undefined && method !== undefined,
  );
  return { turnId, question };
}

/** The item as it was told when it began. */
function begun(daemon: TestDaemon, type: string): unknown {
  const started = daemon.notifications('item/started').map(({ params }) => params?.['item']);
  return started.find((item) => (item as { type: string }).type === type);
}

async function turnAsSeen({ daemon, threadId }: Acting, turnId: string): Promise<TurnObject | undefined> {
  const seen = [
    (await readThread(daemon, threadId)).turns,
    (await resumeThread(daemon, threadId)).turns,
    (await daemon.request<{ data: TurnObject[] }>('thread/turns/list', { threadId, itemsView: 'full' })).data,
  ].map((turns) => turns.find(({ id }) => id === turnId));
  for (const turn of seen) expect(turn).toEqual(seen[0]);
  return seen[0];
}

it.each([
  ['commandExecution', exec('touch made')],
  ['fileChange', call('apply_patch', { input: PATCH })],
] as const)('a %s that is asked about is in the turn that runs, once', async (type, wanted) => {
  const thread = await openActing({ approvals: 'untrusted' });
  const { daemon, upstream } = thread;
  const { question, turnId } = await asking(thread, wanted);
  const turn = await turnAsSeen(thread, turnId);
  expect(turn?.status).toBe('inProgress');
  expect(turn?.items.map((item) => item.type)).toEqual(['userMessage', type]);
  expect(turn?.items[1]).toEqual(begun(daemon, type));
  expect(turn?.items[1]).toMatchObject({ id: question.params?.['itemId'], status: 'inProgress' });
  daemon.write({ id: question.id, result: { decision: 'accept' } });
  const next = await upstream.request(1);
  const over = await turnAsSeen(thread, turnId);
  expect(over?.items.map((item) => item.type)).toEqual(['userMessage', type]);
  expect(over?.items[1]).toMatchObject({ id: question.params?.['itemId'], status: 'completed' });
  next.answer('m1', ['done']);
  await endOf(daemon, turnId);
  expect((await turnAsSeen(thread, turnId))?.items.map((item) => item.type)).toEqual([
    'userMessage',
    type,
    'agentMessage',
  ]);
});

it('the items of a turn that was interrupted meanwhile are gone', async () => {
  const thread = await openActing({ approvals: 'untrusted' });
  const { daemon, threadId } = thread;
  const { turnId } = await asking(thread, exec('touch made'));
  await daemon.request('turn/interrupt', { threadId, turnId });
  await endOf(daemon, turnId);
  const turn = await turnAsSeen(thread, turnId);
  expect([turn?.status, turn?.items.map(({ type }) => type)]).toEqual(['interrupted', ['userMessage']]);
});
