import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const USAGE = {
  totalTokens: 120,
  inputTokens: 100,
  cachedInputTokens: 10,
  outputTokens: 20,
  reasoningOutputTokens: 5,
};

interface TurnResult {
  readonly turn: Readonly<Record<string, unknown>> & { readonly id: string };
}

function text(words: string): object {
  return { type: 'text', text: words };
}

async function open(): Promise<{ upstream: ResponsesUpstream; daemon: TestDaemon; threadId: string }> {
  const upstream = await ResponsesUpstream.open();
  const daemon = await TestDaemon.open({ config: upstream.config() });
  const threadId = await daemon.startThread();
  await daemon.waitForNotification('thread/started');
  return { upstream, daemon, threadId };
}

/** A turn as it is told, with the places that depend on the time left open. */
function turnView(id: string, status: string, error: object | null = null): object {
  const isOver = status !== 'inProgress';
  return {
    id,
    items: [],
    itemsView: 'notLoaded',
    status,
    error,
    startedAt: expect.any(Number),
    completedAt: isOver ? expect.any(Number) : null,
    durationMs: isOver ? expect.any(Number) : null,
  };
}

/** The notifications of a turn on one thread, whole. */
function script(threadId: string, turnId: string) {
  const item = (method: string, time: string, content: object): WireMessage => ({
    method,
    params: { item: content, threadId, turnId, [time]: expect.any(Number) },
  });
  const message = (id: string, words: string): object => ({
    type: 'agentMessage',
    id,
    text: words,
    phase: null,
    memoryCitation: null,
  });
  return {
    status: (status: object): WireMessage => ({
      method: 'thread/status/changed',
      params: { threadId, status },
    }),
    started: { method: 'turn/started', params: { threadId, turn: turnView(turnId, 'inProgress') } },
    completed: (status: string, error?: object): WireMessage => ({
      method: 'turn/completed',
      params: { threadId, turn: turnView(turnId, status, error) },
    }),
    input: (...content: object[]): WireMessage[] => {
      const user = { type: 'userMessage', id: expect.stringMatching(UUID), content };
      return [item('item/started', 'startedAtMs', user), item('item/completed', 'completedAtMs', user)];
    },
    answer: (id: string, deltas: readonly string[]): WireMessage[] => [
      item('item/started', 'startedAtMs', message(id, '')),
      ...deltas.map((delta) => ({
        method: 'item/agentMessage/delta',
        params: { threadId, turnId, itemId: id, delta },
      })),
      item('item/completed', 'completedAtMs', message(id, deltas.join(''))),
    ],
    usage: (total: object): WireMessage => ({
      method: 'thread/tokenUsage/updated',
      params: { threadId, turnId, tokenUsage: { total, last: USAGE, modelContextWindow: null } },
    }),
    error: (error: object): WireMessage => ({
      method: 'error',
      params: { error, willRetry: false, threadId, turnId },
    }),
  };
}

const ACTIVE = { type: 'active', activeFlags: [] };
const IDLE = { type: 'idle' };

function textElement(words: string): object {
  return { type: 'text', text: words, text_elements: [] };
}

describe('a turn', () => {
  it('is answered, and told from its start to its end', async () => {
    const { daemon, threadId, upstream } = await open();
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
      ...told.answer('m1', ['Hel', 'lo ü']),
      told.usage(USAGE),
      told.status(IDLE),
      told.completed('completed'),
    ]);
  });

  it('asks the model with what was said, and names the client', async () => {
    const { daemon, threadId, upstream } = await open();
    await daemon.request('turn/start', { threadId, input: [text('one'), text('two')] });
    const first = await upstream.request();
    expect(first.url).toBe('/v1/responses');
    expect(first.headers).toMatchObject({
      authorization: 'Bearer test-token',
      originator: 'test',
      'user-agent': expect.stringMatching(/^test\/0\.130\.0 /),
      session_id: threadId,
    });
    const said = [text('one'), text('two')].map((part) => ({ ...part, type: 'input_text' }));
    const user = { type: 'message', role: 'user', content: said };
    expect(first.body).toMatchObject({ model: 'test-model', stream: true, store: false, input: [user] });
    first.answer('m1', ['yes']);
    await daemon.waitForNotification('turn/completed');
    await daemon.request('turn/start', { threadId, input: [text('three')] });
    const second = await upstream.request(1);
    expect(second.body['input']).toEqual([
      user,
      {
        type: 'message',
        role: 'assistant',
        id: 'm1',
        content: [{ type: 'output_text', text: 'yes' }],
      },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'three' }] },
    ]);
    second.answer('m2', ['no']);
    const doubled = Object.fromEntries(Object.entries(USAGE).map(([name, count]) => [name, 2 * count]));
    await daemon.waitForNotification('thread/tokenUsage/updated', ({ tokenUsage }) =>
      isEqual((tokenUsage as { total: object }).total, doubled),
    );
  });

  it('echoes every kind of input', async () => {
    const { daemon, threadId, upstream } = await open();
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
    const { daemon, threadId, upstream } = await open();
    const input = [text('😀'.repeat(1_048_576)), { type: 'mention', name: 'm', path: 'app://m' }];
    await daemon.request('turn/start', { threadId, input });
    (await upstream.request()).answer('m1', ['ok']);
    expect(await daemon.waitForNotification('turn/completed')).toMatchObject({
      turn: { status: 'completed' },
    });
  });

  it('without input is refused, and nothing is told of it', async () => {
    const { daemon, threadId, upstream } = await open();
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
    const { daemon, threadId, upstream } = await open();
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
    const [started, delta, completed] = told.answer('m1', ['first']);
    const doubled = Object.fromEntries(Object.entries(USAGE).map(([name, count]) => [name, 2 * count]));
    expect(daemon.messages.slice(before)).toEqual([
      first,
      told.status(ACTIVE),
      told.started,
      ...told.input(textElement('one')),
      started,
      delta,
      { id: second.id, result: { turn: turnView(turn.id, 'inProgress') } },
      completed,
      told.usage(USAGE),
      ...told.input(textElement('two')),
      ...told.answer('m2', ['second']),
      told.usage(doubled),
      told.status(IDLE),
      told.completed('completed'),
    ]);
    expect(upstream.requests).toHaveLength(2);
  });

  it('that is refused does not disturb it', async () => {
    const { daemon, threadId, upstream } = await open();
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

describe('a turn that fails', () => {
  const cases: readonly (readonly [
    what: string,
    status: number,
    body: string,
    message: string,
    info: unknown,
  ])[] = [
    [
      'the model provider',
      500,
      '{"error":{"message":"out of order"}}',
      'the model provider answered with HTTP status 500: out of order',
      'other',
    ],
    ['credentials', 401, 'no', 'the model provider answered with HTTP status 401: no', 'unauthorized'],
    ['the request', 400, '', 'the model provider answered with HTTP status 400', 'badRequest'],
  ];

  it.each(cases)(
    'because of %s says so, and the next one works',
    async (_what, status, body, message, info) => {
      const { daemon, threadId, upstream } = await open();
      const before = daemon.messages.length;
      const answer = await daemon.call('turn/start', { threadId, input: [text('one')] });
      (await upstream.request()).refuse(status, body);
      await daemon.waitForNotification('turn/completed');
      const { turn } = answer.result as TurnResult;
      const told = script(threadId, turn.id);
      const error = { message, codexErrorInfo: info, additionalDetails: null };
      expect(daemon.messages.slice(before)).toEqual([
        answer,
        told.status(ACTIVE),
        told.started,
        ...told.input(textElement('one')),
        told.status({ type: 'systemError' }),
        told.error(error),
        told.completed('failed', error),
      ]);

      const after = daemon.messages.length;
      const retry = await daemon.call('turn/start', { threadId, input: [text('two')] });
      (await upstream.request(1)).answer('m1', ['ok']);
      await daemon.waitForNotification(
        'turn/completed',
        (params) => (params as unknown as TurnResult).turn.id !== turn.id,
      );
      const retold = script(threadId, (retry.result as TurnResult).turn.id);
      expect(daemon.messages.slice(after)).toEqual([
        retry,
        retold.status(ACTIVE),
        retold.started,
        ...retold.input(textElement('two')),
        ...retold.answer('m1', ['ok']),
        retold.usage(USAGE),
        retold.status(IDLE),
        retold.completed('completed'),
      ]);
    },
  );

  it('in the middle of an answer ends the same way', async () => {
    const { daemon, threadId, upstream } = await open();
    await daemon.request('turn/start', { threadId, input: [text('one')] });
    const request = await upstream.request();
    request.begin('m1', ['half']);
    await daemon.waitForNotification('item/agentMessage/delta');
    request.send({ type: 'response.failed', response: { error: { code: 'x', message: 'gave up' } } });
    const { turn } = await daemon.waitForNotification('turn/completed');
    const error = { message: 'gave up', codexErrorInfo: 'other', additionalDetails: null };
    const told = script(threadId, (turn as TurnResult['turn']).id);
    expect(daemon.messages.slice(-3)).toEqual([
      told.status({ type: 'systemError' }),
      told.error(error),
      told.completed('failed', error),
    ]);
  });

  it('because nobody is there says what could not be reached', async () => {
    const upstream = await ResponsesUpstream.open();
    const config = upstream.config();
    await upstream.close();
    const daemon = await TestDaemon.open({ config });
    const threadId = await daemon.startThread();
    await daemon.request('turn/start', { threadId, input: [text('one')] });
    expect(await daemon.waitForNotification('error')).toMatchObject({
      error: {
        message: expect.stringMatching(/^could not reach the model provider: .*ECONNREFUSED/),
        codexErrorInfo: { httpConnectionFailed: { httpStatusCode: null } },
      },
      willRetry: false,
    });
    expect(await daemon.waitForNotification('turn/completed')).toMatchObject({ turn: { status: 'failed' } });
  });
});

function isEqual(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
