import { describe, expect, test } from 'vitest';
import type { MessageItem, ResponseEvent } from '../../src/responses/index.ts';
import { assistantItem, completed, completedEvent, CREATED, itemDone } from './support/events.ts';
import { LoopbackServer, sendEvents, settled } from './support/loopback-server.ts';
import type { Frame, ReceivedSocket, ServerScript } from './support/loopback-server.ts';
import {
  ask,
  bare,
  BODY,
  CONTEXT,
  INSTALLATION,
  openSession,
  plain,
  request,
  THREAD,
  userMessage,
} from './support/session.ts';
import type { OptionChanges } from './support/session.ts';
import { TestClock } from './support/test-clock.ts';

const DISCONNECTED = 'stream disconnected before completion: ';

const METADATA = { 'x-codex-installation-id': INSTALLATION, 'x-codex-window-id': `${THREAD}:0` };

/** The frame that `request()` is sent as. */
const FRAME = { type: 'response.create', ...BODY, client_metadata: METADATA };

const CREATED_EVENT: ResponseEvent = { type: 'created', responseId: 'resp_1' };

/** Answers the n-th frame on each socket with the n-th list of events. */
function answers(...lists: readonly (readonly object[])[]): NonNullable<ServerScript['onFrame']> {
  return (socket, _frame, index) => socket.send(...(lists[index] ?? []));
}

function openSocketSession(
  url: string,
  { provider, ...changes }: OptionChanges = {},
): ReturnType<typeof openSession> {
  return openSession(url, { ...changes, provider: { supportsWebsockets: true, ...provider } });
}

function frames(server: LoopbackServer): readonly (readonly Frame[])[] {
  return server.sockets.map((socket) => socket.frames);
}

const disconnected = (detail: string): object =>
  bare('streamDisconnected', DISCONNECTED + detail, { isRetryable: true });

describe('a request', () => {
  test('is one frame on one connection', async () => {
    const server = await LoopbackServer.open({ onFrame: answers([CREATED, completed()]) });
    const session = openSocketSession(server.url, {
      provider: {
        queryParams: () => ({ v: '1' }),
        headers: () => ({ 'x-own': 'yes', 'openai-beta': 'mine' }),
      },
      identity: {
        threadId: THREAD,
        installationId: INSTALLATION,
        subagent: 'review',
        parentThreadId: 'parent-1',
        betaFeatures: ['one'],
        includesTimingMetrics: true,
      },
    });
    const context = {
      windowGeneration: 1,
      turnMetadata: '{"turn_id":"t"}',
      trace: { traceparent: '00-abc', tracestate: 'd=e' },
    };
    expect(await ask(session, { context })).toEqual({
      events: [CREATED_EVENT, completedEvent()],
      error: null,
    });

    const window = `${THREAD}:1`;
    expect(server.handshakes).toEqual([
      {
        url: '/v1/responses?v=1',
        headers: {
          host: server.host,
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': expect.any(String) as string,
          originator: 'test',
          'user-agent': 'test/1',
          'x-own': 'yes',
          'openai-beta': 'responses_websockets=2026-02-06',
          'x-codex-beta-features': 'one',
          'x-codex-turn-metadata': '{"turn_id":"t"}',
          'x-client-request-id': THREAD,
          session_id: THREAD,
          'x-openai-subagent': 'review',
          'x-codex-parent-thread-id': 'parent-1',
          'x-codex-window-id': window,
          'x-responsesapi-include-timing-metrics': 'true',
          authorization: 'Bearer test-token',
        },
      },
    ]);
    const metadata = {
      'x-codex-installation-id': INSTALLATION,
      'x-codex-window-id': window,
      'x-openai-subagent': 'review',
      'x-codex-parent-thread-id': 'parent-1',
      'x-codex-turn-metadata': '{"turn_id":"t"}',
      ws_request_header_traceparent: '00-abc',
      ws_request_header_tracestate: 'd=e',
    };
    expect(frames(server)).toEqual([[{ ...FRAME, client_metadata: metadata }]]);
    expect(server.requests).toEqual([]);
  });

  test('uses the connection of the one before, and sends only what is new', async () => {
    const server = await LoopbackServer.open({
      onFrame: answers([itemDone(assistantItem('answer')), completed('resp_1')], [completed('resp_2')]),
    });
    const session = openSocketSession(server.url);
    const first = await ask(session);
    const item = first.events.flatMap((event) => (event.type === 'itemDone' ? [event.item] : []));
    expect(item).toEqual([assistantItem('answer')]);
    const context = { ...CONTEXT, turnMetadata: '{"turn_id":"t2"}' };
    const input = [userMessage('hello'), ...item, userMessage('and then?')];
    await ask(session, { request: request({ input }), context });

    const [sent] = frames(server);
    expect(server.handshakes).toHaveLength(1);
    expect(sent).toEqual([
      FRAME,
      {
        ...FRAME,
        previous_response_id: 'resp_1',
        input: [userMessage('and then?')],
        client_metadata: { ...METADATA, 'x-codex-turn-metadata': '{"turn_id":"t2"}' },
      },
    ]);
  });

  test('does not go on from items of unknown types', async () => {
    const server = await LoopbackServer.open({
      onFrame: answers([itemDone({ type: 'hologram' }), completed('resp_1')], [completed('resp_2')]),
    });
    const session = openSocketSession(server.url);
    await ask(session);
    const input = [
      userMessage('hello'),
      { type: 'other', itemType: 'hologram' } as const,
      userMessage('more'),
    ];
    await ask(session, { request: request({ input }) });
    expect(frames(server)).toEqual([
      [FRAME, { ...FRAME, previous_response_id: 'resp_1', input: [userMessage('more')] }],
    ]);
  });

  test('with other settings is sent whole on the same connection', async () => {
    const server = await LoopbackServer.open({
      onFrame: answers([completed('resp_1')], [completed('resp_2')]),
    });
    const session = openSocketSession(server.url);
    await ask(session);
    await ask(session, { request: request({ serviceTier: 'fast' }) });
    expect(frames(server)).toEqual([[FRAME, { ...FRAME, service_tier: 'priority' }]]);
  });

  test('of a history that was compacted begins anew', async () => {
    const server = await LoopbackServer.open({ onFrame: answers([completed()]) });
    const session = openSocketSession(server.url);
    await ask(session);
    await ask(session, { context: { windowGeneration: 1, turnMetadata: null } });
    const metadata = { ...METADATA, 'x-codex-window-id': `${THREAD}:1` };
    expect(frames(server)).toEqual([[FRAME], [{ ...FRAME, client_metadata: metadata }]]);
  });

  test('waits for the one that is under way', async () => {
    const sockets: ReceivedSocket[] = [];
    const server = await LoopbackServer.open({ onFrame: (socket) => void sockets.push(socket) });
    const session = openSocketSession(server.url);
    const first = ask(session);
    const second = ask(session, { request: request({ model: 'second' }) });
    await server.until('a frame', () => sockets[0]);
    sockets[0]?.send(completed('resp_1'));
    await first;
    await server.until('another frame', () => sockets[1]);
    sockets[1]?.send(completed('resp_2'));
    expect((await second).events).toEqual([completedEvent('resp_2')]);
    expect(frames(server).map((sent) => sent.map(({ model }) => model))).toEqual([['test-model', 'second']]);
  });

  test('gets every event, however slowly it is read', async () => {
    const deltas = Array.from({ length: 2_000 }, (_, index) => ({
      type: 'response.output_text.delta',
      delta: `${index} `,
    }));
    const server = await LoopbackServer.open({ onFrame: answers([...deltas, completed()]) });
    const session = openSocketSession(server.url);
    const options = { context: CONTEXT, turn: session.beginTurn(), signal: new AbortController().signal };
    let text = '';
    for await (const event of session.stream(request(), options)) {
      if (event.type === 'textDelta') text += event.delta;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(text).toBe(deltas.map(({ delta }) => delta).join(''));
  });
});

describe('a handshake', () => {
  test('tells what holds for every request on the connection', async () => {
    const headers = {
      'openai-model': 'served-model',
      'x-models-etag': 'etag_1',
      'x-reasoning-included': '1',
      'x-codex-primary-used-percent': '40',
    };
    const server = await LoopbackServer.open({
      onHandshake: () => ({ headers }),
      onFrame: answers([completed()], [completed()]),
    });
    const session = openSocketSession(server.url);
    const events = [
      { type: 'serverModel', model: 'served-model' },
      { type: 'modelsEtag', etag: 'etag_1' },
      { type: 'reasoningIncluded' },
      completedEvent(),
    ];
    expect(await ask(session)).toEqual({ events, error: null });
    expect(await ask(session)).toEqual({ events, error: null });
    expect(server.handshakes).toHaveLength(1);
  });

  test('gives the turn its routing token', async () => {
    const server = await LoopbackServer.open({
      onHandshake: (index) => ({ headers: { 'x-codex-turn-state': `state-${index}` } }),
      onFrame: (socket) => {
        socket.send(completed());
        socket.socket.close();
      },
    });
    const session = openSocketSession(server.url);
    const turn = session.beginTurn();
    for (const scope of [turn, turn, session.beginTurn()]) {
      expect((await ask(session, { turn: scope })).error).toBeNull();
      await server.until('the end of the socket', () => server.sockets.every(({ isClosed }) => isClosed));
    }
    expect(server.handshakes.map(({ headers }) => headers['x-codex-turn-state'])).toEqual([
      undefined,
      'state-0',
      undefined,
    ]);
  });

  test('that is refused tells why', async () => {
    const server = await LoopbackServer.open({
      onHandshake: () => ({
        status: 503,
        body: '{"error":{"code":"slow_down"}}',
        headers: { 'x-request-id': 'req_1' },
      }),
    });
    const { error } = await ask(openSocketSession(server.url));
    expect(plain(error)).toEqual(
      bare(
        'serverOverloaded',
        'The selected model is at capacity. Choose another model, or try again later.',
        {
          status: 503,
          requestId: 'req_1',
        },
      ),
    );
    expect(server.handshakes).toHaveLength(1);
  });

  test('whose login is refused is tried with a new one', async () => {
    const server = await LoopbackServer.open({
      onHandshake: (index) => (index === 0 ? { status: 401 } : {}),
      onFrame: answers([completed()]),
    });
    let token = 0;
    const session = openSocketSession(server.url, {
      authorize: () => Promise.resolve({ ok: true, headers: { Authorization: `Bearer token-${token}` } }),
      recoverAuth: () => {
        token += 1;
        return Promise.resolve({ type: 'retry' });
      },
    });
    expect((await ask(session)).error).toBeNull();
    expect(server.handshakes.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-0',
      'Bearer token-1',
    ]);
  });

  test('that nobody answers is given up', async () => {
    const clock = new TestClock();
    const server = await LoopbackServer.open({ onHandshake: () => undefined });
    const session = openSocketSession(server.url, { clock, provider: { websocketConnectTimeoutMs: 5_000 } });
    const asked = ask(session);
    await server.until('a handshake', () => server.handshakes[0]);
    await clock.expire(5_000);
    expect(plain((await asked).error)).toEqual(
      bare('timeout', 'the model provider did not take the connection within 5000 ms', { isRetryable: true }),
    );
  });

  test('with nobody there is a failure to connect', async () => {
    const server = await LoopbackServer.open();
    const { url } = server;
    await server.close();
    const { error } = await ask(openSocketSession(url));
    expect(error).toMatchObject({ kind: 'connectionFailed', isRetryable: true });
    expect(error?.message).toContain('ECONNREFUSED');
  });

  test.each([
    ['no-url', 'failed to build websocket URL: it is not valid'],
    ['ftp://host', 'failed to build websocket URL: `ftp` is no scheme for it'],
  ])('to %s cannot be made', async (baseUrl, detail) => {
    const { error } = await ask(openSocketSession('', { provider: { baseUrl: () => baseUrl } }));
    expect(plain(error)).toEqual(bare('invalidSetup', DISCONNECTED + detail));
  });

  test('ends when it is aborted', async () => {
    const server = await LoopbackServer.open({ onHandshake: () => undefined });
    const abort = new AbortController();
    const asked = ask(openSocketSession(server.url), { signal: abort.signal });
    await server.until('a handshake', () => server.handshakes[0]);
    abort.abort();
    expect((await asked).error).toMatchObject({ kind: 'aborted' });
  });
});

describe('an answer', () => {
  test('that failed is an error at once, and the next request begins anew', async () => {
    const failed = {
      type: 'response.failed',
      response: { error: { code: 'invalid_prompt', message: 'bad' } },
    };
    const server = await LoopbackServer.open({
      onFrame: answers([itemDone(assistantItem('a')), completed('resp_1')], [failed]),
    });
    const session = openSocketSession(server.url);
    await ask(session);
    const item = assistantItem('a') as unknown as MessageItem;
    const input = [userMessage('hello'), item, userMessage('more')];
    expect(plain((await ask(session, { request: request({ input }) })).error)).toEqual(
      bare('invalidRequest', 'bad'),
    );
    await ask(session);
    expect(frames(server)).toEqual([
      [FRAME, { ...FRAME, previous_response_id: 'resp_1', input: [userMessage('more')] }],
      [FRAME],
    ]);
    await server.until('the end of the first socket', () => server.sockets[0]?.isClosed);
  });

  test('that is incomplete is an error at once', async () => {
    const incomplete = {
      type: 'response.incomplete',
      response: { incomplete_details: { reason: 'max_output_tokens' } },
    };
    const server = await LoopbackServer.open({ onFrame: answers([incomplete]) });
    expect(plain((await ask(openSocketSession(server.url))).error)).toEqual(
      disconnected('Incomplete response returned, reason: max_output_tokens'),
    );
  });

  test('tells rate limits', async () => {
    const limits = {
      type: 'codex.rate_limits',
      plan_type: 'plus',
      rate_limits: {
        primary: { used_percent: 42, window_minutes: 60, reset_at: 1_700_000_000 },
        secondary: null,
      },
      credits: { has_credits: true, unlimited: false, balance: '123' },
    };
    const server = await LoopbackServer.open({ onFrame: answers([limits, completed()]) });
    expect(await ask(openSocketSession(server.url))).toEqual({
      events: [
        {
          type: 'rateLimits',
          rateLimits: {
            limitId: 'codex',
            limitName: null,
            primary: { usedPercent: 42, windowDurationMins: 60, resetsAt: 1_700_000_000 },
            secondary: null,
            credits: { hasCredits: true, unlimited: false, balance: '123' },
            planType: 'plus',
            rateLimitReachedType: null,
          },
        },
        completedEvent(),
      ],
      error: null,
    });
  });

  test('skips what is no event', async () => {
    const server = await LoopbackServer.open({
      onFrame: (socket) => {
        socket.socket.send('not json');
        socket.socket.send('[]');
        socket.socket.ping();
        socket.send(completed());
      },
    });
    expect(await ask(openSocketSession(server.url))).toEqual({ events: [completedEvent()], error: null });
  });

  test.each<[string, (socket: ReceivedSocket) => void, object]>([
    [
      'a binary frame',
      ({ socket }) => socket.send(Buffer.from([1])),
      disconnected('unexpected binary websocket event'),
    ],
    [
      'a close frame',
      ({ socket }) => socket.close(1001),
      disconnected('websocket closed by server before response.completed'),
    ],
    [
      'a lost connection',
      ({ socket }) => socket.terminate(),
      disconnected('stream closed before response.completed'),
    ],
    [
      'a lost connection after an error was told',
      (socket) => {
        socket.send({ type: 'error', error: { code: 'server_error', message: 'going down' } });
        socket.socket.close();
      },
      disconnected('going down'),
    ],
  ])('that breaks off by %s', async (_what, end, expected) => {
    const server = await LoopbackServer.open({
      onFrame: (socket) => {
        socket.send(CREATED);
        end(socket);
      },
    });
    const { error, events } = await ask(openSocketSession(server.url));
    expect(events).toEqual([CREATED_EVENT]);
    expect(plain(error)).toEqual(expected);
  });

  test('that falls silent is broken, and pings do not help', async () => {
    const clock = new TestClock();
    const server = await LoopbackServer.open({
      onFrame: (socket) => {
        socket.send(CREATED);
        socket.socket.ping();
      },
    });
    const session = openSocketSession(server.url, { clock, provider: { streamIdleTimeoutMs: 7_000 } });
    const { signal } = new AbortController();
    const stream = session.stream(request(), { context: CONTEXT, turn: session.beginTurn(), signal });
    expect((await stream.next()).value).toEqual(CREATED_EVENT);
    const next = stream.next();
    const expiry = clock.expire(7_000);
    await expect(next).rejects.toMatchObject({
      kind: 'streamDisconnected',
      message: `${DISCONNECTED}idle timeout waiting for websocket`,
    });
    await expiry;
    await server.until('the end of the socket', () => server.sockets[0]?.isClosed);
  });

  test('that nobody wants any more ends the connection', async () => {
    const server = await LoopbackServer.open({ onFrame: answers([CREATED]) });
    const session = openSocketSession(server.url);
    const abort = new AbortController();
    const stream = session.stream(request(), {
      context: CONTEXT,
      turn: session.beginTurn(),
      signal: abort.signal,
    });
    await stream.next();
    const next = stream.next();
    abort.abort();
    await expect(next).rejects.toMatchObject({ kind: 'aborted' });
    await server.until('the end of the socket', () => server.sockets[0]?.isClosed);
  });
});

describe('an error frame', () => {
  const errorFrame = (members: object): object => ({ type: 'error', ...members });

  test('with a usage limit tells the limits', async () => {
    const frame = errorFrame({
      status: 429,
      error: { type: 'usage_limit_reached', plan_type: 'pro', message: 'used up' },
      headers: {
        'X-Codex-Primary-Used-Percent': 100,
        'x-codex-primary-window-minutes': '15',
        'x-skipped': {},
        flag: true,
      },
    });
    const server = await LoopbackServer.open({ onFrame: answers([frame]) });
    expect(plain((await ask(openSocketSession(server.url))).error)).toEqual(
      bare('usageLimitReached', 'You have reached your usage limit. Buy more credits, or try again later.', {
        status: 429,
        planType: 'pro',
        rateLimits: {
          limitId: 'codex',
          limitName: null,
          primary: { usedPercent: 100, windowDurationMins: 15, resetsAt: null },
          secondary: null,
          credits: null,
          planType: null,
          rateLimitReachedType: null,
        },
      }),
    );
  });

  test.each(['status', 'status_code'])('with the %s 400 is an invalid request', async (name) => {
    const frame = errorFrame({
      [name]: 400,
      error: { type: 'invalid_request_error', message: 'no such model' },
    });
    const server = await LoopbackServer.open({ onFrame: answers([frame]) });
    expect(plain((await ask(openSocketSession(server.url))).error)).toEqual(
      bare('invalidRequest', JSON.stringify(frame), { status: 400 }),
    );
  });

  test('with a policy is told as such', async () => {
    const frame = errorFrame({ status: 400, error: { code: 'cyber_policy', message: 'not this' } });
    const server = await LoopbackServer.open({ onFrame: answers([frame]) });
    expect(plain((await ask(openSocketSession(server.url))).error)).toEqual(
      bare('cyberPolicy', 'not this', { status: 400 }),
    );
  });

  test.each([
    ['limit reached', 'limit reached'],
    [undefined, 'the connection has lasted as long as it may, which is 60 minutes'],
  ])('of a connection that is too old is worth a retry: %j', async (message, detail) => {
    const frame = errorFrame({ status: 400, error: { code: 'websocket_connection_limit_reached', message } });
    const server = await LoopbackServer.open({
      onFrame: (socket) => socket.send(server.sockets.length === 1 ? frame : completed()),
    });
    const session = openSocketSession(server.url);
    expect(plain((await ask(session)).error)).toEqual(disconnected(detail));
    expect(await ask(session)).toEqual({ events: [completedEvent()], error: null });
    expect(server.handshakes).toHaveLength(2);
  });

  test.each([{}, { status: 200 }, { status: 'bad' }, { status: 0 }])(
    'without a status ends nothing: %j',
    async (members) => {
      const frame = errorFrame({ ...members, error: { message: 'hm' } });
      const server = await LoopbackServer.open({ onFrame: answers([frame, completed()]) });
      expect(await ask(openSocketSession(server.url))).toEqual({ events: [completedEvent()], error: null });
    },
  );
});

describe('between two requests', () => {
  test('a connection that the server ends is replaced without a word', async () => {
    const server = await LoopbackServer.open({ onFrame: answers([completed()]) });
    const session = openSocketSession(server.url);
    await ask(session);
    server.sockets[0]?.socket.close(1001);
    await server.until('the end of the socket', () => server.sockets[0]?.isClosed);
    expect(await ask(session)).toEqual({ events: [completedEvent()], error: null });
    expect(frames(server)).toEqual([[FRAME], [FRAME]]);
  });

  test.each<[string, object, number]>([
    ['an error', { type: 'error', error: { code: 'websocket_connection_limit_reached' } }, 2],
    ['anything else', { type: 'response.late' }, 1],
  ])('%s leaves no trace', async (_what, event, connections) => {
    const server = await LoopbackServer.open({ onFrame: answers([completed(), event], [completed()]) });
    const session = openSocketSession(server.url);
    await ask(session);
    await settled(server.sockets[0]!);
    expect(await ask(session)).toEqual({ events: [completedEvent()], error: null });
    expect(server.handshakes).toHaveLength(connections);
  });

  test('rate limits are kept', async () => {
    const limits = { type: 'codex.rate_limits', rate_limits: { primary: { used_percent: 5 } } };
    const server = await LoopbackServer.open({ onFrame: answers([completed(), limits], [completed()]) });
    const session = openSocketSession(server.url);
    await ask(session);
    await settled(server.sockets[0]!);
    const { events } = await ask(session);
    expect(events).toMatchObject([
      { type: 'rateLimits', rateLimits: { primary: { usedPercent: 5 } } },
      completedEvent(),
    ]);
  });
});

describe('HTTP takes over', () => {
  test('at once when the server wants it, and for good', async () => {
    const server = await LoopbackServer.open({
      onHandshake: () => ({ status: 426 }),
      onRequest: (response) => sendEvents(response, [completed()]),
    });
    const session = openSocketSession(server.url);
    expect(session.usesWebSocket).toBe(true);
    expect((await ask(session)).error).toBeNull();
    expect(session.usesWebSocket).toBe(false);
    expect((await ask(session)).error).toBeNull();
    expect({ handshakes: server.handshakes.length, requests: server.requests.length }).toEqual({
      handshakes: 1,
      requests: 2,
    });
    expect(session.fallBackToHttp()).toBe(false);
  });

  test('when the turn says so', async () => {
    const server = await LoopbackServer.open({
      onHandshake: () => ({ status: 500 }),
      onRequest: (response) => sendEvents(response, [completed()]),
    });
    const session = openSocketSession(server.url);
    expect((await ask(session)).error).toMatchObject({ kind: 'internalServerError', isRetryable: true });
    expect(session.fallBackToHttp()).toBe(true);
    expect(session.fallBackToHttp()).toBe(false);
    expect((await ask(session)).error).toBeNull();
    expect(server.handshakes).toHaveLength(1);
  });

  test('from the beginning where the provider has no WebSocket', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) => sendEvents(response, [completed()]),
    });
    const session = openSession(server.url);
    expect(session.usesWebSocket).toBe(false);
    await ask(session);
    expect(server.handshakes).toEqual([]);
  });
});

test('a session that is closed ends its connection in order', async () => {
  const server = await LoopbackServer.open({ onFrame: answers([completed()]) });
  const session = openSocketSession(server.url);
  await ask(session);
  const closed = new Promise((resolve) => server.sockets[0]?.socket.once('close', resolve));
  session.close();
  session.close();
  expect(await closed).toBe(1005);
});
