import { describe, expect, it } from 'vitest';
import type { WireMessage } from '../support/daemon.ts';
import {
  ACTIVE,
  assistant,
  endOf,
  IDLE,
  openThread,
  script,
  startTurn,
  text,
  textElement,
  times,
  user,
  wholeTurn,
} from './turns.ts';

const OTHER_ID = '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64';
const TOO_MUCH = [text('x'.repeat(1_048_577))];
const TOO_LARGE = {
  code: -32602,
  message: 'Input exceeds the maximum length of 1048576 characters.',
  data: {
    reason: 'inputTooLarge',
    input_error_code: 'input_too_large',
    max_chars: 1_048_576,
    actual_chars: 1_048_577,
  },
};

function invalidInput(message: string): object {
  return { code: -32600, message, data: { reason: 'invalidInput' } };
}

describe('turn/steer', () => {
  it('is refused for the first reason that applies', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const errorOf = async (params: object): Promise<WireMessage['error']> =>
      (await daemon.call('turn/steer', { threadId, ...params })).error;
    const input = [text('x')];

    const missing = await errorOf({ threadId: OTHER_ID, expectedTurnId: '', input: [] });
    expect(missing).toEqual({
      code: -32600,
      message: `thread not found: ${OTHER_ID}`,
      data: { reason: 'threadNotFound' },
    });
    const noId = invalidInput('expectedTurnId must not be empty');
    expect(await errorOf({ expectedTurnId: '', input: TOO_MUCH })).toEqual(noId);
    expect(await errorOf({ expectedTurnId: '', input: [] })).toEqual(noId);
    expect(await errorOf({ expectedTurnId: 'x', input: TOO_MUCH })).toEqual(TOO_LARGE);
    const noInput = invalidInput('input must not be empty');
    expect(await errorOf({ expectedTurnId: 'x', input: [] })).toEqual(noInput);
    expect(await errorOf({ expectedTurnId: 'x', input })).toEqual({
      code: -32600,
      message: 'no active turn to steer',
      data: { reason: 'noActiveTurn' },
    });

    const turnId = await startTurn({ daemon, threadId }, 'one');
    const request = await upstream.request();
    expect(await errorOf({ expectedTurnId: 'x', input: TOO_MUCH })).toEqual(TOO_LARGE);
    expect(await errorOf({ expectedTurnId: 'x', input: [] })).toEqual(noInput);
    expect(await errorOf({ expectedTurnId: 'x', input })).toEqual({
      code: -32600,
      message: `expected active turn id \`x\` but found \`${turnId}\``,
      data: { reason: 'otherTurnActive', activeTurnId: turnId },
    });
    request.answer('m1', ['ok']);
    expect((await endOf(daemon, turnId))['status']).toBe('completed');
    expect(upstream.requests).toHaveLength(1);
    expect(await errorOf({ expectedTurnId: turnId, input })).toMatchObject({
      data: { reason: 'noActiveTurn' },
    });
  });

  it('joins the turn when the running response has finished', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const before = daemon.messages.length;
    const turnId = await startTurn({ daemon, threadId }, 'one');
    const request = await upstream.request();
    request.begin('m1', ['first']);
    await daemon.waitForNotification('item/agentMessage/delta');
    const steers: WireMessage[] = [];
    for (const input of [[text('two'), text('2')], [text('three')]]) {
      steers.push(await daemon.call('turn/steer', { threadId, expectedTurnId: turnId, input }));
    }
    request.finish('m1', ['first']);
    const second = await upstream.request(1);
    second.answer('m2', ['second']);
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    expect(steers.map(({ result }) => result)).toEqual([{ turnId }, { turnId }]);
    expect(daemon.messages.slice(before + 1)).toEqual([
      told.status(ACTIVE),
      told.started,
      ...told.input(textElement('one')),
      told.limits(),
      ...told.answer('m1', ['first']).slice(0, 2),
      ...steers,
      ...told.answer('m1', ['first']).slice(2),
      told.usage(),
      ...told.input(textElement('two'), textElement('2')),
      ...told.input(textElement('three')),
      told.limits(),
      ...told.answer('m2', ['second']),
      told.usage(times(2)),
      told.status(IDLE),
      told.completed('completed'),
    ]);
    expect(request.input.slice(2)).toEqual([user('one')]);
    expect(second.input.slice(2)).toEqual([user('one'), assistant('first'), user('two', '2'), user('three')]);
  });

  it('is forgotten with the turn that is interrupted', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'one');
    await upstream.request();
    await daemon.request('turn/steer', { threadId, expectedTurnId: turnId, input: [text('never said')] });
    await daemon.request('turn/interrupt', { threadId, turnId });
    await endOf(daemon, turnId);
    const { index } = await wholeTurn(thread, 'next');
    const { input } = await upstream.request(index);
    expect(JSON.stringify(input)).not.toContain('never said');
    expect(input.at(-1)).toEqual(user('next'));
    const said = daemon.notifications('item/started').filter(({ params }) => params?.['turnId'] === turnId);
    expect(said).toHaveLength(1);
  });

  it('changes nothing of the turn where it is refused', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const turnId = await startTurn({ daemon, threadId }, 'one', { clientMetadata: { a: '1' } });
    const request = await upstream.request();
    const refused = await daemon.call('turn/steer', {
      threadId,
      expectedTurnId: 'x',
      input: [text('no')],
      clientMetadata: { a: '2' },
    });
    expect(refused).toHaveProperty('error');
    await daemon.request('turn/steer', { threadId, expectedTurnId: turnId, input: [text('yes')] });
    request.answer('m1', ['ok']);
    const second = await upstream.request(1);
    second.answer('m2', ['ok']);
    await endOf(daemon, turnId);
    expect(second.input.at(-1)).toEqual(user('yes'));
    expect(JSON.parse(second.headers['x-codex-turn-metadata'] as string)).toMatchObject({ a: '1' });
  });
});

describe('input for a turn that then fails', () => {
  it('is kept for the next turn', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'one');
    const request = await upstream.request();
    request.begin('m1', ['half']);
    await daemon.waitForNotification('item/agentMessage/delta');
    await daemon.request('turn/steer', { threadId, expectedTurnId: turnId, input: [text('more')] });
    request.cut();
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'failed' });
    const told = daemon.notifications('item/completed').map(({ params }) => params?.['item']);
    expect(told).toMatchObject([{ content: [textElement('one')] }, { content: [textElement('more')] }]);

    await startTurn(thread, 'again');
    const { input } = await upstream.request(1);
    expect(input.slice(-3)).toEqual([user('one'), user('more'), user('again')]);
  });
});
