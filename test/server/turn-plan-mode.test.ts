import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import {
  ACTIVE,
  endOf,
  IDLE,
  openThread,
  script,
  startTurn,
  textElement,
  times,
  wholeTurn,
  wordsOf,
} from './turns.ts';
import type { OpenThread } from './turns.ts';

const PLAN = '# The plan\n- look\n- change\n';

function planMode(more: object = {}): object {
  const settings = { model: 'gpt-5.5', reasoning_effort: null, developer_instructions: null, ...more };
  return { collaborationMode: { mode: 'plan', settings } };
}

async function answered(thread: OpenThread, deltas: readonly string[], more: object): Promise<string> {
  const turnId = await startTurn(thread, 'plan it', more);
  (await thread.upstream.request()).answer('m1', deltas);
  await endOf(thread.daemon, turnId);
  return turnId;
}

describe('plan mode', () => {
  it('makes an item of the plan in a message, and shows the rest as the message', async () => {
    const thread = await openThread();
    const before = thread.daemon.messages.length;
    const deltas = [
      'Here:\n<propo',
      'sed_plan>\n# The plan\n- lo',
      'ok\n- change\n</proposed',
      '_plan>\nGood?',
    ];
    const turnId = await answered(thread, deltas, planMode());
    const told = script(thread.threadId, turnId);
    const ids = { threadId: thread.threadId, turnId };
    const plan = { type: 'plan', id: `${turnId}-plan`, text: '' };
    const delta = (text: string): object => ({
      method: 'item/plan/delta',
      params: { ...ids, itemId: `${turnId}-plan`, delta: text },
    });
    const words = (text: string): object => ({
      method: 'item/agentMessage/delta',
      params: { ...ids, itemId: 'm1', delta: text },
    });
    const message = { type: 'agentMessage', id: 'm1', text: '', phase: null, memoryCitation: null };
    expect(thread.daemon.messages.slice(before + 1)).toEqual([
      told.status(ACTIVE),
      told.started,
      ...told.input(textElement('plan it')),
      told.limits(),
      told.itemStarted(message),
      words('Here:\n'),
      told.itemStarted(plan),
      delta('# The plan\n- lo'),
      delta('ok\n- change\n'),
      words('Good?'),
      told.itemCompleted({ ...plan, text: PLAN }),
      told.itemCompleted({ ...message, text: 'Here:\nGood?' }),
      told.usage(times(1)),
      told.status(IDLE),
      told.completed('completed'),
    ]);
    await wholeTurn(thread, 'next');
    const { input } = await thread.upstream.request(1);
    const said = input.filter(({ role }) => role === 'assistant').map(wordsOf);
    expect(said).toEqual([deltas.join('')]);
  });

  it('shows no message that is nothing but a plan, and keeps the plan', async () => {
    const thread = await openThread();
    const turnId = await answered(thread, [`<proposed_plan>\n${PLAN}</proposed_plan>\n`], planMode());
    const types = thread.daemon
      .notifications('item/completed')
      .map(({ params }) => (params?.['item'] as { type: string }).type);
    expect(types).toEqual(['userMessage', 'plan']);
    const { home } = thread.daemon;
    await thread.daemon.stop();
    const daemon = await TestDaemon.open({ home });
    const read = await daemon.request<{ thread: { turns: { items: object[] }[] } }>('thread/read', {
      threadId: thread.threadId,
      includeTurns: true,
    });
    expect(read.thread.turns[0]?.items.at(-1)).toEqual({ type: 'plan', id: `${turnId}-plan`, text: PLAN });
  });

  it('without a plan in it is a turn like any other, and the same words are no plan in another mode', async () => {
    const thread = await openThread();
    await answered(thread, ['no ', 'plan'], planMode());
    const other = await openThread();
    await answered(other, [`<proposed_plan>\n${PLAN}</proposed_plan>`], {});
    for (const { daemon } of [thread, other]) expect(daemon.notifications('item/plan/delta')).toEqual([]);
    const texts = [thread, other].map(
      ({ daemon }) => daemon.notifications('item/completed').at(-1)?.params?.['item'],
    );
    expect(texts).toEqual([
      expect.objectContaining({ text: 'no plan' }),
      expect.objectContaining({ text: `<proposed_plan>\n${PLAN}</proposed_plan>` }),
    ]);
  });

  it('is explained to the model, unless the client does that itself', async () => {
    for (const [instructions, expected] of [
      [null, 'You are in plan mode'],
      ['Plan as I say.', '<collaboration_mode>Plan as I say.</collaboration_mode>'],
    ]) {
      const thread = await openThread();
      await answered(thread, ['ok'], planMode({ developer_instructions: instructions }));
      const { input } = await thread.upstream.request();
      expect(input.slice(0, 1).map(wordsOf)).toEqual([expect.stringContaining(String(expected))]);
    }
  });
});

describe('where the model has something from', () => {
  it('is not shown, and stays in the history', async () => {
    const thread = await openThread();
    const deltas = ['As you said<oai-mem-', 'citation>secret</oai-mem-citation>.'];
    await answered(thread, deltas, {});
    const told = JSON.stringify(thread.daemon.messages);
    expect(told).not.toContain('secret');
    const item = thread.daemon.notifications('item/completed').at(-1)?.params?.['item'];
    expect(item).toMatchObject({ text: 'As you said.' });
    await wholeTurn(thread, 'next');
    expect(JSON.stringify((await thread.upstream.request(1)).input)).toContain('secret');
  });
});
