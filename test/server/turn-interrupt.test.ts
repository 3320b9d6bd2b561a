import { describe, expect, it } from 'vitest';
import {
  ACTIVE,
  assistant,
  endOf,
  IDLE,
  layout,
  openThread,
  script,
  startTurn,
  textElement,
  wholeTurn,
  wordsOf,
} from './turns.ts';

describe('turn/interrupt', () => {
  it('is answered first, then the thread is idle, then the turn has ended', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const before = daemon.messages.length;
    const turnId = await startTurn({ daemon, threadId }, 'one');
    const request = await upstream.request();
    request.begin('m1', ['half']);
    await daemon.waitForNotification('item/agentMessage/delta');
    const answer = await daemon.call('turn/interrupt', { threadId, turnId });
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    expect(answer.result).toEqual({});
    expect(daemon.messages.slice(before + 1)).toEqual([
      told.status(ACTIVE),
      told.started,
      ...told.input(textElement('one')),
      told.limits(),
      ...told.answer('m1', ['half']).slice(0, 2),
      answer,
      told.status(IDLE),
      told.completed('interrupted'),
    ]);
    await upstream.until('the end of the request', () => (request.isGone ? true : undefined));
  });

  it('is told to the model in the next request', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'one');
    const request = await upstream.request();
    request.send({
      type: 'response.output_item.done',
      item: { ...assistant('a whole sentence'), id: 'm0' },
    });
    request.begin('m1', ['half']);
    await daemon.waitForNotification('item/agentMessage/delta');
    await daemon.request('turn/interrupt', { threadId, turnId });
    await endOf(daemon, turnId);
    const { index } = await wholeTurn(thread, 'two');
    const { input } = await upstream.request(index);
    expect(layout(input)).toEqual([
      'developer',
      'environment',
      'user: one',
      'assistant: a whole sentence',
      'aborted',
      'user: two',
    ]);
    expect(wordsOf(input[4])).toMatch(/^<turn_aborted>\n[^]+\n<\/turn_aborted>$/);
  });

  it('stops a turn that waits for the provider to answer', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const turnId = await startTurn({ daemon, threadId }, 'one');
    const request = await upstream.request();
    expect(await daemon.request('turn/interrupt', { threadId, turnId })).toEqual({});
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'interrupted', error: null });
    await upstream.until('the end of the request', () => (request.isGone ? true : undefined));
    expect(daemon.notifications('error')).toEqual([]);
  });

  it('stops a turn that connects by WebSocket', async () => {
    const { daemon, threadId, upstream } = await openThread({ provider: 'supports_websockets = true' });
    await upstream.frame();
    const turnId = await startTurn({ daemon, threadId }, 'one');
    await daemon.waitForNotification('item/completed');
    expect(await daemon.request('turn/interrupt', { threadId, turnId })).toEqual({});
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'interrupted', error: null });
    expect(daemon.notifications('error')).toEqual([]);
  });

  it('stops a turn that waits for its next try', async () => {
    const { daemon, threadId, upstream } = await openThread({ streamRetries: 5 });
    const turnId = await startTurn({ daemon, threadId }, 'one');
    const message = 'Rate limit reached. Please try again in 60s.';
    const error = { code: 'rate_limit_exceeded', message };
    const request = await upstream.request();
    request.send({ type: 'response.failed', response: { error } });
    request.end();
    await daemon.waitForNotification('error');
    expect(await daemon.request('turn/interrupt', { threadId, turnId })).toEqual({});
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'interrupted', error: null });
    expect(daemon.notifications('error')).toHaveLength(1);
    expect(upstream.requests).toHaveLength(1);
  });

  it('is refused without a turn, and for another one', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const noTurn = {
      code: -32600,
      message: 'no active turn to interrupt',
      data: { reason: 'noActiveTurn' },
    };
    expect((await daemon.call('turn/interrupt', { threadId, turnId: 'x' })).error).toEqual(noTurn);
    const turnId = await startTurn(thread, 'one');
    const request = await upstream.request();
    expect((await daemon.call('turn/interrupt', { threadId, turnId: 'x' })).error).toEqual({
      code: -32600,
      message: `expected active turn id x but found ${turnId}`,
      data: { reason: 'otherTurnActive', activeTurnId: turnId },
    });
    request.answer('m1', ['ok']);
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'completed' });
    expect((await daemon.call('turn/interrupt', { threadId, turnId })).error).toEqual(noTurn);
  });

  it('with an empty id stops whatever runs, and is answered also where nothing does', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const before = daemon.messages.length;
    const idle = await daemon.call('turn/interrupt', { threadId, turnId: '' });
    expect(idle.result).toEqual({});
    expect(daemon.messages.slice(before)).toEqual([idle]);
    const turnId = await startTurn({ daemon, threadId }, 'one');
    await upstream.request();
    expect(await daemon.request('turn/interrupt', { threadId, turnId: '' })).toEqual({});
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'interrupted' });
  });

  it('twice is answered twice, and ends the turn once', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const turnId = await startTurn({ daemon, threadId }, 'one');
    await upstream.request();
    daemon.write({ id: 'a', method: 'turn/interrupt', params: { threadId, turnId } });
    daemon.write({ id: 'b', method: 'turn/interrupt', params: { threadId, turnId } });
    const answers = await Promise.all(
      ['a', 'b'].map((id) => daemon.waitFor(`answer ${id}`, (message) => message.id === id)),
    );
    await endOf(daemon, turnId);
    expect(answers[0]?.result).toEqual({});
    expect(answers[1]?.result ?? answers[1]?.error?.data).toSatisfy(
      (outcome: object) => JSON.stringify(outcome) === '{}' || 'reason' in outcome,
    );
    const later = await daemon.call('turn/interrupt', { threadId, turnId });
    expect(later.error?.data).toEqual({ reason: 'noActiveTurn' });
    expect(daemon.notifications('turn/completed')).toHaveLength(1);
  });

  it('leaves a thread that takes the next turn at once', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    for (let round = 0; round < 5; round += 1) {
      const turnId = await startTurn(thread, `round ${round}`);
      await upstream.request(round);
      daemon.write({ id: `i${round}`, method: 'turn/interrupt', params: { threadId, turnId } });
      await endOf(daemon, turnId);
    }
    const { turnId } = await wholeTurn(thread, 'last');
    const ends = daemon
      .notifications('turn/completed')
      .map(({ params }) => (params?.['turn'] as { status: string }).status);
    expect(ends).toEqual([...Array<string>(5).fill('interrupted'), 'completed']);
    expect(await endOf(daemon, turnId)).toMatchObject({ error: null });
  });
});
