import { describe, expect, test } from 'vitest';
import type { HttpTransport } from '../../src/responses/index.ts';
import {
  assistantItem,
  completed,
  completedEvent,
  CREATED,
  itemDone,
  NO_RATE_LIMITS,
} from './support/events.ts';
import { beginEvents, LoopbackServer, sendEvents } from './support/loopback-server.ts';
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
} from './support/session.ts';
import { TestClock } from './support/test-clock.ts';

const DISCONNECTED = 'stream disconnected before completion: ';

/** Headers without those of the HTTP client itself. */
function told(headers: object): object {
  const own = new Set([
    'host',
    'connection',
    'accept-language',
    'sec-fetch-mode',
    'accept-encoding',
    'content-length',
  ]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name)));
}

describe('a request', () => {
  test('is sent with its body and headers, and its events come back in order', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) => {
        const headers = {
          'openai-model': 'served-model',
          'x-models-etag': 'etag_1',
          'x-reasoning-included': 'yes',
          'x-codex-primary-used-percent': '40',
        };
        const added = { type: 'response.output_item.added', item: assistantItem('') };
        const delta = { type: 'response.output_text.delta', item_id: 'msg_1', delta: 'hi' };
        sendEvents(response, [CREATED, added, delta, itemDone(assistantItem('hi')), completed()], headers);
      },
    });
    const session = openSession(server.url, {
      identity: {
        threadId: THREAD,
        installationId: INSTALLATION,
        subagent: 'review',
        parentThreadId: 'parent-1',
        isMemoryGeneration: true,
        betaFeatures: ['one', 'two'],
      },
      provider: {
        queryParams: () => ({ 'api-version': '1' }),
        headers: () => ({ 'x-own': 'yes', originator: 'mine' }),
      },
      authorize: () =>
        Promise.resolve({
          ok: true,
          headers: { Authorization: 'Bearer key', 'ChatGPT-Account-ID': 'account' },
        }),
    });
    const context = {
      windowGeneration: 2,
      turnMetadata: '{"turn_id":"t"}',
      trace: { traceparent: '00-abc', tracestate: null },
    };
    const { error, events } = await ask(session, { context });

    expect(error).toBeNull();
    expect(events).toEqual([
      { type: 'serverModel', model: 'served-model' },
      {
        type: 'rateLimits',
        rateLimits: {
          limitId: 'codex',
          limitName: null,
          primary: { usedPercent: 40, windowDurationMins: null, resetsAt: null },
          secondary: null,
          credits: null,
          planType: null,
          rateLimitReachedType: null,
        },
      },
      { type: 'modelsEtag', etag: 'etag_1' },
      { type: 'reasoningIncluded' },
      { type: 'created', responseId: 'resp_1' },
      { type: 'itemAdded', item: assistantItem('') },
      { type: 'textDelta', itemId: 'msg_1', delta: 'hi' },
      { type: 'itemDone', item: assistantItem('hi') },
      completedEvent(),
    ]);
    const [received] = server.requests;
    expect({ method: received?.method, url: received?.url }).toEqual({
      method: 'POST',
      url: '/v1/responses?api-version=1',
    });
    expect(JSON.parse(received?.body.toString() ?? '')).toEqual(BODY);
    expect(told(received?.headers ?? {})).toEqual({
      originator: 'mine',
      'user-agent': 'test/1',
      'x-own': 'yes',
      'x-client-request-id': THREAD,
      session_id: THREAD,
      'x-codex-window-id': `${THREAD}:2`,
      'x-openai-subagent': 'review',
      'x-openai-memgen-request': 'true',
      'x-codex-parent-thread-id': 'parent-1',
      'x-codex-beta-features': 'one,two',
      'x-codex-turn-metadata': '{"turn_id":"t"}',
      traceparent: '00-abc',
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: 'Bearer key',
      'chatgpt-account-id': 'account',
    });
  });

  test('of a plain thread has no more headers than it needs', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) => sendEvents(response, [completed()]),
    });
    await ask(openSession(server.url));
    expect(told(server.requests[0]?.headers ?? {})).toEqual({
      originator: 'test',
      'user-agent': 'test/1',
      'x-client-request-id': THREAD,
      session_id: THREAD,
      'x-codex-window-id': `${THREAD}:0`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: 'Bearer test-token',
    });
  });

  test('is compressed where the caller says so', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) => sendEvents(response, [completed()]),
    });
    const compress = (body: Uint8Array): Promise<Uint8Array<ArrayBuffer>> =>
      Promise.resolve(new Uint8Array([0xff, ...body]));
    await ask(openSession(server.url, { compression: () => compress }));
    const [received] = server.requests;
    expect(received?.headers['content-encoding']).toBe('zstd');
    expect(received?.headers['content-type']).toBe('application/json');
    expect(received?.body[0]).toBe(0xff);
    expect(JSON.parse(received?.body.subarray(1).toString() ?? '')).toEqual(BODY);
  });

  test('that cannot be compressed is not sent', async () => {
    const server = await LoopbackServer.open();
    const session = openSession(server.url, {
      compression: () => () => Promise.reject(new Error('no memory')),
    });
    expect(plain((await ask(session)).error)).toEqual(
      bare('invalidSetup', `${DISCONNECTED}the request could not be compressed: no memory`),
    );
    expect(server.requests).toEqual([]);
  });

  test('that is encoded already cannot be compressed', async () => {
    const server = await LoopbackServer.open();
    const session = openSession(server.url, {
      compression: () => (body) => Promise.resolve(new Uint8Array(body)),
      provider: { headers: () => ({ 'Content-Encoding': 'gzip' }) },
    });
    const { error } = await ask(session);
    expect(plain(error)).toEqual(
      bare(
        'invalidSetup',
        `${DISCONNECTED}request compression was requested but content-encoding is already set`,
      ),
    );
    expect(server.requests).toEqual([]);
  });

  test.each([
    ['no-url', 'the URL of the model provider is not valid'],
    ['ftp://host', 'the URL of the model provider has the scheme `ftp`; expected http or https'],
  ])('to %s cannot be sent', async (baseUrl, detail) => {
    const { error } = await ask(openSession('', { provider: { baseUrl: () => baseUrl } }));
    expect(plain(error)).toEqual(bare('invalidSetup', DISCONNECTED + detail));
  });

  test('uses the connection of the one before', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) => sendEvents(response, [completed()]),
    });
    const session = openSession(server.url);
    for (let index = 0; index < 3; index += 1) await ask(session);
    expect(server.requests).toHaveLength(3);
    expect(server.connectionCount).toBeLessThan(3);
  });
});

describe('a turn', () => {
  test('keeps the first routing token to itself', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response, index) =>
        sendEvents(response, [completed()], { 'x-codex-turn-state': `state-${index}` }),
    });
    const session = openSession(server.url);
    const turn = session.beginTurn();
    await ask(session, { turn });
    await ask(session, { turn });
    await ask(session, { turn });
    await ask(session);
    expect(server.requests.map(({ headers }) => headers['x-codex-turn-state'])).toEqual([
      undefined,
      'state-0',
      'state-0',
      undefined,
    ]);
  });
});

describe('a stream', () => {
  test('ends with completed, even if the connection stays open', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) => beginEvents(response, [completed()]),
    });
    expect(await ask(openSession(server.url))).toEqual({
      events: [NO_RATE_LIMITS, completedEvent()],
      error: null,
    });
  });

  test('that ends too early is broken', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) =>
        sendEvents(response, [itemDone(assistantItem('a'))], { 'x-request-id': 'req_1' }),
    });
    const { error, events } = await ask(openSession(server.url));
    expect(events).toEqual([NO_RATE_LIMITS, { type: 'itemDone', item: assistantItem('a') }]);
    expect(plain(error)).toEqual(
      bare('streamDisconnected', `${DISCONNECTED}stream closed before response.completed`, {
        isRetryable: true,
        requestId: 'req_1',
      }),
    );
  });

  test('that is cut in the middle of a character is broken', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) => {
        beginEvents(response, [CREATED]);
        const event = Buffer.from('data: {"type":"response.output_text.delta","delta":"€"}\n\n');
        response.write(event.subarray(0, event.indexOf(0xe2) + 2), () => response.destroy());
      },
    });
    const { error, events } = await ask(openSession(server.url));
    expect(events).toEqual([NO_RATE_LIMITS, { type: 'created', responseId: 'resp_1' }]);
    expect(error).toMatchObject({ kind: 'streamDisconnected', isRetryable: true });
    expect(error?.message).toMatch(new RegExp(`^${DISCONNECTED}.`, 'u'));
  });

  test('that falls silent is broken', async () => {
    const clock = new TestClock();
    const server = await LoopbackServer.open({ onRequest: (response) => beginEvents(response, [CREATED]) });
    const session = openSession(server.url, { clock, provider: { streamIdleTimeoutMs: 7_000 } });
    const { signal } = new AbortController();
    const stream = session.stream(request(), { context: CONTEXT, turn: session.beginTurn(), signal });
    expect((await stream.next()).value).toEqual(NO_RATE_LIMITS);
    expect((await stream.next()).value).toEqual({ type: 'created', responseId: 'resp_1' });
    const next = stream.next();
    const expiry = clock.expire(7_000);
    await expect(next).rejects.toMatchObject({
      kind: 'streamDisconnected',
      message: `${DISCONNECTED}idle timeout waiting for SSE`,
      isRetryable: true,
    });
    await expiry;
    await server.until('the end of the request', () => server.requests[0]?.isGone);
  });

  test('raises a failure at its end', async () => {
    const failed = {
      type: 'response.failed',
      response: { error: { code: 'insufficient_quota', message: 'x' } },
    };
    const server = await LoopbackServer.open({ onRequest: (response) => sendEvents(response, [failed]) });
    const { error } = await ask(openSession(server.url));
    expect(plain(error)).toEqual(
      bare('quotaExceeded', 'Quota exceeded. Check your plan and your billing details.'),
    );
  });

  test('raises a failure though the connection stays open', async () => {
    const clock = new TestClock((milliseconds) => milliseconds === 1_000);
    const failed = { type: 'response.failed', response: { error: { code: 'insufficient_quota' } } };
    const server = await LoopbackServer.open({ onRequest: (response) => beginEvents(response, [failed]) });
    const { error } = await ask(openSession(server.url, { clock }));
    expect(error).toMatchObject({ kind: 'quotaExceeded' });
  });

  test('that completes after a failure has succeeded', async () => {
    const failed = { type: 'response.failed', response: { error: { code: 'insufficient_quota' } } };
    const server = await LoopbackServer.open({
      onRequest: (response) => sendEvents(response, [failed, completed()]),
    });
    expect(await ask(openSession(server.url))).toEqual({
      events: [NO_RATE_LIMITS, completedEvent()],
      error: null,
    });
  });

  test('that ends after an error was told, ends with that error', async () => {
    const told429 = { type: 'error', code: 'rate_limit_exceeded', message: 'Slow down. Try again in 2s.' };
    const server = await LoopbackServer.open({ onRequest: (response) => sendEvents(response, [told429]) });
    const { error } = await ask(openSession(server.url));
    expect(plain(error)).toEqual(
      bare('streamDisconnected', `${DISCONNECTED}Slow down. Try again in 2s.`, {
        isRetryable: true,
        retryAfterMs: 2_000,
      }),
    );
  });

  test('skips what is no event', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) => {
        beginEvents(response, []);
        response.write('data: [DONE]\n\ndata: {"type":3}\n\ndata\n\n');
        response.end(`data: ${JSON.stringify(completed())}\n\n`);
      },
    });
    expect(await ask(openSession(server.url))).toEqual({
      events: [NO_RATE_LIMITS, completedEvent()],
      error: null,
    });
  });

  test('ends when it is aborted, and the server is told', async () => {
    const abort = new AbortController();
    const server = await LoopbackServer.open({ onRequest: (response) => beginEvents(response, [CREATED]) });
    const session = openSession(server.url);
    const turn = session.beginTurn();
    const stream = session.stream(request(), {
      context: { windowGeneration: 0, turnMetadata: null },
      turn,
      signal: abort.signal,
    });
    expect((await stream.next()).value).toEqual(NO_RATE_LIMITS);
    expect((await stream.next()).value).toEqual({ type: 'created', responseId: 'resp_1' });
    const next = stream.next();
    abort.abort();
    await expect(next).rejects.toMatchObject({ kind: 'aborted', isRetryable: false });
    await server.until('the end of the request', () => server.requests[0]?.isGone);
  });

  test('ends when nobody wants it any more', async () => {
    const server = await LoopbackServer.open({ onRequest: (response) => beginEvents(response, [CREATED]) });
    const session = openSession(server.url);
    const options = { context: { windowGeneration: 0, turnMetadata: null }, turn: session.beginTurn() };
    for await (const event of session.stream(request(), {
      ...options,
      signal: new AbortController().signal,
    })) {
      expect(event).toEqual(NO_RATE_LIMITS);
      break;
    }
    await server.until('the end of the request', () => server.requests[0]?.isGone);
  });

  test('ends with its session', async () => {
    const server = await LoopbackServer.open({ onRequest: (response) => beginEvents(response, [CREATED]) });
    const session = openSession(server.url);
    const asked = ask(session);
    await server.until('a request', () => server.requests[0]);
    session.close();
    session.close();
    expect((await asked).error).toMatchObject({ kind: 'aborted' });
    expect(await ask(session)).toMatchObject({ events: [], error: { kind: 'aborted' } });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a server that does not answer', () => {
  test('is given up after the idle time, without another try here', async () => {
    const clock = new TestClock();
    const server = await LoopbackServer.open();
    const session = openSession(server.url, {
      clock,
      provider: { requestMaxRetries: 3, streamIdleTimeoutMs: 9_000 },
    });
    const asked = ask(session);
    await server.until('a request', () => server.requests[0]);
    await clock.expire(9_000);
    expect(plain((await asked).error)).toEqual(
      bare('timeout', 'the model provider did not answer within 9000 ms', { isRetryable: true }),
    );
    expect(server.requests).toHaveLength(1);
  });

  test('is told as a failure to connect when it is not there', async () => {
    const server = await LoopbackServer.open();
    const { url } = server;
    await server.close();
    const clock = new TestClock((milliseconds) => milliseconds < 5_000);
    const { error } = await ask(openSession(url, { clock, provider: { requestMaxRetries: 2 } }));
    expect(error).toMatchObject({ kind: 'connectionFailed', isRetryable: true });
    expect(error?.message).toContain('ECONNREFUSED');
    expect(clock.begun.filter((milliseconds) => milliseconds < 5_000)).toEqual([200, 400]);
  });

  test('and whose refusal never ends is told by what came of it', async () => {
    const clock = new TestClock((milliseconds) => milliseconds === 10_000);
    const server = await LoopbackServer.open({
      onRequest: (response) => {
        response.writeHead(404, { 'content-type': 'text/plain' });
        response.flushHeaders();
      },
    });
    const { error } = await ask(openSession(server.url, { clock }));
    expect(plain(error)).toEqual(
      bare(
        'unexpectedStatus',
        `unexpected status 404 Not Found: Unknown error, url: ${server.url}/v1/responses`,
        {
          status: 404,
          isRetryable: true,
        },
      ),
    );
  });
});

describe('retries', () => {
  const retryClock = (): TestClock => new TestClock((milliseconds) => milliseconds <= 60_000);
  const waits = (clock: TestClock): number[] => clock.begun.filter((milliseconds) => milliseconds <= 60_000);

  test('follow server errors, with growing waits', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response, index) => {
        if (index < 3) response.writeHead([500, 502, 503][index] ?? 500).end('busy');
        else sendEvents(response, [completed()]);
      },
    });
    const clock = retryClock();
    const outcome = await ask(openSession(server.url, { clock, provider: { requestMaxRetries: 4 } }));
    expect(outcome).toEqual({ events: [NO_RATE_LIMITS, completedEvent()], error: null });
    expect(server.requests).toHaveLength(4);
    expect(
      waits(clock)
        .filter((milliseconds) => milliseconds !== 10_000)
        .slice(0, 3),
    ).toEqual([200, 400, 800]);
  });

  test.each([
    [0, [180]],
    [0.999_999, [219]],
  ])('are spread by chance (%d)', async (random, expected) => {
    const server = await LoopbackServer.open({
      onRequest: (response) => response.writeHead(500).end('busy'),
    });
    const clock = retryClock();
    await ask(openSession(server.url, { clock, random: () => random, provider: { requestMaxRetries: 1 } }));
    expect(waits(clock).filter((milliseconds) => milliseconds !== 10_000)).toEqual(expected);
  });

  test('wait as long as the server asks, within a minute', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response, index) => {
        const headers = [{ 'retry-after': '7' }, { 'retry-after': '3600' }, {}][index] ?? {};
        response.writeHead(503, headers).end('busy');
      },
    });
    const clock = retryClock();
    const { error } = await ask(openSession(server.url, { clock, provider: { requestMaxRetries: 2 } }));
    expect(error).toMatchObject({ kind: 'unexpectedStatus', status: 503 });
    expect(waits(clock).filter((milliseconds) => milliseconds !== 10_000)).toEqual([7_000, 60_000]);
  });

  test.each([400, 401, 403, 404, 429])('do not follow status %d', async (status) => {
    const server = await LoopbackServer.open({
      onRequest: (response) => response.writeHead(status).end('no'),
    });
    const { error } = await ask(openSession(server.url, { provider: { requestMaxRetries: 4 } }));
    expect(error).toMatchObject({ status });
    expect(server.requests).toHaveLength(1);
  });

  test('follow a failure of the network', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) => sendEvents(response, [completed()]),
    });
    let attempts = 0;
    const http: HttpTransport = (url, sent) => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(new Error('cable cut')) : fetch(url, sent);
    };
    const session = openSession(server.url, {
      http,
      clock: retryClock(),
      provider: { requestMaxRetries: 1 },
    });
    expect((await ask(session)).error).toBeNull();
    expect(attempts).toBe(2);
  });
});

describe('a credential', () => {
  test('that is not ready for now is asked for again', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) => sendEvents(response, [completed()]),
    });
    let asked = 0;
    const session = openSession(server.url, {
      clock: new TestClock((milliseconds) => milliseconds === 200),
      provider: { requestMaxRetries: 1 },
      authorize: () => {
        asked += 1;
        return Promise.resolve(
          asked === 1
            ? { ok: false, isTransient: true, message: 'not yet' }
            : { ok: true, headers: { Authorization: 'Bearer fresh' } },
        );
      },
    });
    expect((await ask(session)).error).toBeNull();
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer fresh']);
  });

  test('that is missing ends the request before it is sent', async () => {
    const server = await LoopbackServer.open();
    const message = 'Missing environment variable: `KEY`.';
    const session = openSession(server.url, {
      provider: { requestMaxRetries: 4 },
      authorize: () => Promise.resolve({ ok: false, isTransient: false, message }),
    });
    expect(plain((await ask(session)).error)).toEqual(bare('missingCredential', message));
    expect(server.requests).toEqual([]);
  });

  test('that is refused can be renewed, step by step', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response, index) => {
        if (index < 2) response.writeHead(401).end('{"error":{"message":"expired"}}');
        else sendEvents(response, [completed()]);
      },
    });
    let token = 0;
    const steps: number[] = [];
    const session = openSession(server.url, {
      authorize: () => Promise.resolve({ ok: true, headers: { Authorization: `Bearer token-${token}` } }),
      recoverAuth: (step) => {
        steps.push(step);
        token += 1;
        return Promise.resolve({ type: 'retry' });
      },
    });
    expect((await ask(session)).error).toBeNull();
    expect(steps).toEqual([0, 1]);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-0',
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  test.each([
    [{ type: 'exhausted' } as const, 'unauthorized', true],
    [{ type: 'failed', message: 'log in again' } as const, 'loginExpired', false],
  ])('that cannot be renewed: %j', async (recovery, kind, isRetryable) => {
    const server = await LoopbackServer.open({ onRequest: (response) => response.writeHead(401).end('no') });
    const session = openSession(server.url, { recoverAuth: () => Promise.resolve(recovery) });
    expect((await ask(session)).error).toMatchObject({ kind, status: 401, isRetryable });
    expect(server.requests).toHaveLength(1);
  });

  test('that a server echoes is not told on', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response, _index, { headers, url }) => {
        const key = String(headers['api-key']);
        response.writeHead(403).end(`no: ${headers.authorization} ${key} ${url}`);
      },
    });
    const session = openSession(server.url, {
      authorize: () => Promise.resolve({ ok: true, headers: { Authorization: 'Bearer sk-very-secret' } }),
      provider: {
        headers: () => ({ 'api-key': 'other-secret' }),
        queryParams: () => ({ sig: 'third-secret' }),
      },
    });
    const { error } = await ask(session);
    expect(error?.message).toBe(
      'unexpected status 403 Forbidden: no: [redacted] [redacted] /v1/responses?sig=[redacted]' +
        `, url: ${server.url}/v1/responses`,
    );
    expect(String(error?.stack)).not.toContain('very-secret');
  });
});
