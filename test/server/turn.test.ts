import { describe, expect, it } from 'vitest';
import type { WireMessage } from '../support/daemon.ts';
import {
  ACTIVE,
  endOf,
  IDLE,
  openThread,
  script,
  startTurn,
  text,
  textElement,
  times,
  turnView,
  USAGE,
  UUID,
  wholeTurn,
} from './turns.ts';
import type { TurnResult } from './turns.ts';

describe('a turn', () => {
  it('is answered, and told from its start to its end', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const before = daemon.messages.length;
    const answer = await daemon.call('turn/start', { threadId, input: [text('hello')] });
    const request = await upstream.request();
    request.answer('m1', ['Hel', 'lo ü']);
    await daemon.waitForNotification('turn/completed');
    const { turn } = answer.result as TurnResult;
    const told = script(threadId, turn.id);
    expect(turn.id).toMatch(UUID);
    expect(daemon.messages.slice(before)).toEqual([
      { id: answer.id, result: { turn: { ...turnView(turn.id, 'inProgress'), startedAt: null } } },
      told.status(ACTIVE),
      told.started,
      ...told.input(textElement('hello')),
      told.limits(),
      ...told.answer('m1', ['Hel', 'lo ü']),
      told.usage(),
      told.status(IDLE),
      told.completed('completed'),
    ]);
  });

  it('tells the same with the next one, and adds up what was used', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await wholeTurn(thread, 'one');
    const before = daemon.messages.length;
    const { turnId } = await wholeTurn(thread, 'two');
    const told = script(threadId, turnId);
    expect(daemon.messages.slice(before + 1)).toEqual([
      told.status(ACTIVE),
      told.started,
      ...told.input(textElement('two')),
      told.limits(),
      ...told.answer('m1', ['answer 1']),
      told.usage(times(2)),
      told.status(IDLE),
      told.completed('completed'),
    ]);
  });

  it('tells no usage where the provider tells none', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const before = daemon.messages.length;
    const turnId = await startTurn({ daemon, threadId }, 'one');
    const request = await upstream.request();
    request.send({ type: 'response.completed', response: { id: 'r1' } });
    request.end();
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    expect(daemon.messages.slice(before + 1)).toEqual([
      told.status(ACTIVE),
      told.started,
      ...told.input(textElement('one')),
      told.limits(),
      told.status(IDLE),
      told.completed('completed'),
    ]);
  });

  it('warns once of a model of which nothing is known', async () => {
    const thread = await openThread({ model: 'test-model' });
    const { daemon, threadId } = thread;
    const before = daemon.messages.length;
    const { turnId } = await wholeTurn(thread, 'one');
    await wholeTurn(thread, 'two');
    const told = script(threadId, turnId);
    expect(daemon.messages.slice(before + 1, before + 6)).toEqual([
      told.status(ACTIVE),
      told.started,
      told.warning(expect.stringContaining('test-model')),
      ...told.input(textElement('one')),
    ]);
    expect(daemon.notifications('warning')).toHaveLength(1);
    await wholeTurn(thread, 'three', { model: 'other-model' });
    expect(daemon.notifications('warning').map(({ params }) => params)).toEqual([
      { threadId, message: expect.stringContaining('test-model') },
      { threadId, message: expect.stringContaining('other-model') },
    ]);
  });

  it('echoes every kind of input', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const input = [
      { type: 'text', text: 'a', text_elements: [{ byteRange: { start: 0, end: 1 } }] },
      { type: 'image', url: 'data:image/png;base64,AAAA' },
      { type: 'localImage', path: '/a.png' },
      { type: 'skill', name: 's', path: '/s' },
      { type: 'mention', name: 'm', path: 'app://m' },
    ];
    await daemon.request('turn/start', { threadId, input });
    const { item } = await daemon.waitForNotification('item/started');
    expect(item).toEqual({
      type: 'userMessage',
      id: expect.stringMatching(UUID),
      content: [
        {
          type: 'text',
          text: 'a',
          text_elements: [{ byteRange: { start: 0, end: 1 }, placeholder: null }],
        },
        ...input.slice(1),
      ],
    });
    (await upstream.request()).answer('m1', ['ok']);
    await daemon.waitForNotification('turn/completed');
  });

  it('takes exactly as much text as is allowed', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const input = [text('😀'.repeat(1_048_576)), { type: 'mention', name: 'm', path: 'app://m' }];
    await daemon.request('turn/start', { threadId, input });
    (await upstream.request()).answer('m1', ['ok']);
    expect(await daemon.waitForNotification('turn/completed')).toMatchObject({
      turn: { status: 'completed' },
    });
  });

  it('without input is refused, and nothing is told of it', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const before = daemon.messages.length;
    const refusal = await daemon.call('turn/start', { threadId, input: [] });
    expect(refusal.error).toEqual({
      code: -32600,
      message: 'input must not be empty',
      data: { reason: 'invalidInput' },
    });
    const next = await daemon.call('thread/loaded/list', {});
    expect(daemon.messages.slice(before)).toEqual([refusal, next]);
    expect(upstream.requests).toEqual([]);
  });
});

describe('input that comes while a turn runs', () => {
  it('joins it', async () => {
    const { daemon, threadId, upstream } = await openThread();
    const before = daemon.messages.length;
    const first = await daemon.call('turn/start', { threadId, input: [text('one')] });
    const request = await upstream.request();
    request.begin('m1', ['first']);
    await daemon.waitForNotification('item/agentMessage/delta');
    const second = await daemon.call('turn/start', { threadId, input: [text('two')] });
    request.finish('m1', ['first']);
    (await upstream.request(1)).answer('m2', ['second']);
    await daemon.waitForNotification('turn/completed');
    const { turn } = first.result as TurnResult;
    const told = script(threadId, turn.id);
    const [started, delta, completed] = told.answer('m1', ['first']) as [
      WireMessage,
      WireMessage,
      WireMessage,
    ];
    expect(daemon.messages.slice(before)).toEqual([
      first,
      told.status(ACTIVE),
      told.started,
      ...told.input(textElement('one')),
      told.limits(),
      started,
      delta,
      { id: second.id, result: { turn: turnView(turn.id, 'inProgress') } },
      completed,
      told.usage(USAGE),
      ...told.input(textElement('two')),
      told.limits(),
      ...told.answer('m2', ['second']),
      told.usage(times(2)),
      told.status(IDLE),
      told.completed('completed'),
    ]);
    expect(upstream.requests).toHaveLength(2);
  });

  it('that is refused does not disturb it', async () => {
    const { daemon, threadId, upstream } = await openThread();
    await daemon.request('turn/start', { threadId, input: [text('one')] });
    const request = await upstream.request();
    expect(await daemon.call('turn/start', { threadId, input: [] })).toHaveProperty('error');
    request.answer('m1', ['ok']);
    expect(await daemon.waitForNotification('turn/completed')).toMatchObject({
      turn: { status: 'completed' },
    });
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('turns of several threads', () => {
  it('are told apart, and asked for apart', async () => {
    const thread = await openThread();
    const other = await thread.daemon.startThread();
    const first = await startTurn(thread, 'one');
    const second = await startTurn({ ...thread, threadId: other }, 'two');
    for (const index of [0, 1]) (await thread.upstream.request(index)).answer(`m${index}`, ['ok']);
    await endOf(thread.daemon, first);
    await endOf(thread.daemon, second);
    const told = thread.daemon.notifications('turn/completed').map(({ params }) => params?.['threadId']);
    expect(new Set(told)).toEqual(new Set([thread.threadId, other]));
    const asked = thread.upstream.requests.map(({ headers }) => headers['session_id']);
    expect(new Set(asked)).toEqual(new Set([thread.threadId, other]));
  });
});
