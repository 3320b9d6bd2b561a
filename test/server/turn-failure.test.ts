import { describe, expect, it } from 'vitest';
import type { UpstreamRequest } from '../support/responses-upstream.ts';
import { completed, itemDone, ResponsesUpstream } from '../support/responses-upstream.ts';
import { TestDaemon } from '../support/daemon.ts';
import {
  ACTIVE,
  assistant,
  endOf,
  IDLE,
  layout,
  NO_LIMITS,
  openThread,
  script,
  startTurn,
  SYSTEM_ERROR,
  textElement,
  user,
  wholeTurn,
} from './turns.ts';

const DISCONNECTED = 'stream disconnected before completion: ';

function body(error: object): string {
  return JSON.stringify({ error });
}

/** Tells that a response failed, or is incomplete, and ends the stream. */
function fail(request: UpstreamRequest, type: string, response: object): void {
  request.send({ type, response });
  request.end();
}

interface Failure {
  readonly what: string;
  readonly message: unknown;
  readonly info: unknown;
}

/** Statuses that refuse a request, and what is told of each; `URL` stands for the request's. */
const STATUSES: readonly (Failure & { readonly status: number; readonly body: string })[] = [
  {
    what: 'status 400',
    status: 400,
    body: '{"detail":"no such thing"}',
    message: '{"detail":"no such thing"}',
    info: 'other',
  },
  {
    what: 'status 400 about policy',
    status: 400,
    body: body({ code: 'cyber_policy', message: 'refused' }),
    message: 'refused',
    info: 'cyberPolicy',
  },
  {
    what: 'status 400 about an image',
    status: 400,
    body: 'The image data you provided does not represent a valid image',
    message: 'The image data you provided does not represent a valid image',
    info: 'badRequest',
  },
  {
    what: 'status 401',
    status: 401,
    body: 'no',
    message: 'unexpected status 401 Unauthorized: no, url: URL',
    info: 'other',
  },
  {
    what: 'status 404',
    status: 404,
    body: body({ message: 'gone' }),
    message: 'unexpected status 404 Not Found: gone, url: URL',
    info: 'other',
  },
  {
    what: 'status 429',
    status: 429,
    body: '',
    message: 'exceeded retry limit, last status: 429 Too Many Requests',
    info: { responseTooManyFailedAttempts: { httpStatusCode: 429 } },
  },
  {
    what: 'status 429 about the plan',
    status: 429,
    body: body({ type: 'usage_not_included' }),
    message: expect.stringContaining('plan'),
    info: 'usageLimitExceeded',
  },
  {
    what: 'status 500',
    status: 500,
    body: body({ message: 'out of order' }),
    message: 'unexpected status 500 Internal Server Error: out of order, url: URL',
    info: 'internalServerError',
  },
  {
    what: 'status 503 about load',
    status: 503,
    body: body({ code: 'server_is_overloaded' }),
    message: expect.stringContaining('capacity'),
    info: 'serverOverloaded',
  },
];

/** Codes of `response.failed`, and what is told of each. */
const CODES: readonly (Failure & { readonly code: string })[] = [
  {
    what: 'no quota',
    code: 'insufficient_quota',
    message: expect.stringMatching(/^Quota exceeded/),
    info: 'usageLimitExceeded',
  },
  {
    what: 'the plan',
    code: 'usage_not_included',
    message: expect.stringContaining('plan'),
    info: 'usageLimitExceeded',
  },
  { what: 'policy', code: 'cyber_policy', message: 'because', info: 'cyberPolicy' },
  { what: 'the prompt', code: 'invalid_prompt', message: 'because', info: 'other' },
  {
    what: 'load',
    code: 'slow_down',
    message: expect.stringContaining('capacity'),
    info: 'serverOverloaded',
  },
  { what: 'a rate limit', code: 'rate_limit_exceeded', message: `${DISCONNECTED}because`, info: 'other' },
  { what: 'something new', code: 'novelty', message: `${DISCONNECTED}because`, info: 'other' },
];

/** Starts a turn that fails as `refuse` makes it, then holds one that works; compares all that is told. */
async function expectFailure(
  { info, message }: Pick<Failure, 'info' | 'message'>,
  refuse: (request: UpstreamRequest) => void,
  { isAccepted }: { readonly isAccepted: boolean },
): Promise<void> {
  const thread = await openThread();
  const { daemon, threadId, upstream } = thread;
  const before = daemon.messages.length;
  const turnId = await startTurn(thread, 'one');
  refuse(await upstream.request());
  await endOf(daemon, turnId);
  const told = script(threadId, turnId);
  const words =
    typeof message === 'string' ? message.replace('URL', `${upstream.url}/v1/responses`) : message;
  const error = { message: words, codexErrorInfo: info, additionalDetails: null };
  expect(daemon.messages.slice(before + 1)).toEqual([
    told.status(ACTIVE),
    told.started,
    ...told.input(textElement('one')),
    ...(isAccepted ? [told.limits()] : []),
    told.status(SYSTEM_ERROR),
    told.error(error),
    told.completed('failed', error),
  ]);

  const after = daemon.messages.length;
  const next = await wholeTurn(thread, 'two');
  const retold = script(threadId, next.turnId);
  expect(daemon.messages.slice(after + 1)).toEqual([
    retold.status(ACTIVE),
    retold.started,
    ...retold.input(textElement('two')),
    retold.limits(),
    ...retold.answer('m1', ['answer 1']),
    retold.usage(),
    retold.status(IDLE),
    retold.completed('completed'),
  ]);
  expect(layout((await upstream.request(1)).input).slice(2)).toEqual(['user: one', 'user: two']);
}

describe('a turn that fails', () => {
  it.each(STATUSES)('because of $what says so, and the next one works', async (failure) => {
    await expectFailure(failure, (request) => request.refuse(failure.status, failure.body), {
      isAccepted: false,
    });
  });

  it.each(CODES)('because of $what, told in the stream, says so', async (failure) => {
    const error = { code: failure.code, message: 'because' };
    await expectFailure(failure, (request) => fail(request, 'response.failed', { error }), {
      isAccepted: true,
    });
  });

  it('because the response is incomplete says why', async () => {
    const response = { incomplete_details: { reason: 'max_output_tokens' } };
    const message = `${DISCONNECTED}Incomplete response returned, reason: max_output_tokens`;
    await expectFailure(
      { message, info: 'other' },
      (request) => fail(request, 'response.incomplete', response),
      {
        isAccepted: true,
      },
    );
  });

  it('because the stream ends early says so', async () => {
    const message = `${DISCONNECTED}stream closed before response.completed`;
    const end = (request: UpstreamRequest): void => {
      request.send({ type: 'response.created', response: { id: 'r1' } });
      request.end();
    };
    await expectFailure({ message, info: 'other' }, end, { isAccepted: true });
  });

  it('because the stream is cut says so', async () => {
    const thread = await openThread();
    const turnId = await startTurn(thread, 'one');
    const request = await thread.upstream.request();
    request.begin('m1', ['half']);
    await thread.daemon.waitForNotification('item/agentMessage/delta');
    request.cut();
    const turn = await endOf(thread.daemon, turnId);
    expect(turn).toMatchObject({ status: 'failed' });
    expect((turn['error'] as { message: string }).message.startsWith(DISCONNECTED)).toBe(true);
    const items = thread.daemon.notifications('item/completed').map(({ params }) => params?.['item']);
    expect(items).toMatchObject([{ type: 'userMessage' }]);
  });

  it('because the provider falls silent says so', async () => {
    const thread = await openThread({ provider: 'stream_idle_timeout_ms = 1000' });
    const turnId = await startTurn(thread, 'one');
    (await thread.upstream.request()).begin('m1', ['half']);
    expect(await endOf(thread.daemon, turnId)).toMatchObject({
      status: 'failed',
      error: {
        message: expect.stringMatching(/^stream disconnected before completion: idle timeout/),
        codexErrorInfo: 'other',
      },
    });
  });

  it('because the provider never answers says so', async () => {
    const thread = await openThread({ provider: 'stream_idle_timeout_ms = 50' });
    const turnId = await startTurn(thread, 'one');
    expect(await endOf(thread.daemon, turnId)).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('50 ms'), codexErrorInfo: 'other' },
    });
  });

  it('because nobody is there says what could not be reached', async () => {
    const upstream = await ResponsesUpstream.open();
    const config = upstream.config();
    await upstream.close();
    const daemon = await TestDaemon.open({ config });
    const threadId = await daemon.startThread();
    const turnId = await startTurn({ daemon, threadId }, 'one');
    expect(await endOf(daemon, turnId)).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('ECONNREFUSED'), codexErrorInfo: 'other' },
    });
  });

  it('because of a key that is not set names the variable', async () => {
    const credential = 'env_key = "MY_KEY"\nenv_key_instructions = "Ask the gardener."';
    const thread = await openThread({ credential });
    const turnId = await startTurn(thread, 'one');
    expect(await endOf(thread.daemon, turnId)).toMatchObject({
      status: 'failed',
      error: {
        message: 'Missing environment variable: `MY_KEY`. Ask the gardener.',
        codexErrorInfo: 'other',
        additionalDetails: null,
      },
    });
    expect(thread.upstream.requests).toEqual([]);
  });

  it('because the context window is full tells the window as used', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    fail(await upstream.request(), 'response.failed', { error: { code: 'context_length_exceeded' } });
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    const none = { totalTokens: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
    const nothing = { ...none, reasoningOutputTokens: 0 };
    const error = {
      message: expect.stringContaining('context window'),
      codexErrorInfo: 'contextWindowExceeded',
      additionalDetails: null,
    };
    expect(daemon.messages.slice(before + 5)).toEqual([
      told.limits(),
      told.usage(nothing, { ...nothing, totalTokens: 258_400 }),
      told.status(SYSTEM_ERROR),
      told.error(error),
      told.completed('failed', error),
    ]);
  });

  it('because the usage limit is reached tells the limits first', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    await daemon.request('account/login/start', { type: 'apiKey', apiKey: 'sk-test' });
    await daemon.waitForNotification('account/updated');
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    (await upstream.request()).refuse(429, body({ type: 'usage_limit_reached', plan_type: 'plus' }), {
      'x-codex-primary-used-percent': '100',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-at': '1900000000',
    });
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    const primary = { usedPercent: 100, windowDurationMins: 300, resetsAt: 1_900_000_000 };
    const error = {
      message: expect.stringContaining('usage limit'),
      codexErrorInfo: 'usageLimitExceeded',
      additionalDetails: null,
    };
    expect(daemon.messages.slice(before + 5)).toEqual([
      told.limits({ ...NO_LIMITS, primary }),
      told.status(SYSTEM_ERROR),
      told.error(error),
      told.completed('failed', error),
    ]);
    expect(await daemon.request('account/rateLimits/read')).toMatchObject({
      rateLimits: { ...NO_LIMITS, primary },
    });
  });
});

describe('the limits that a provider tells in its headers', () => {
  it('are told, and can be read', async () => {
    const thread = await openThread();
    const { daemon, upstream } = thread;
    await daemon.request('account/login/start', { type: 'apiKey', apiKey: 'sk-test' });
    const turnId = await startTurn(thread, 'one');
    const request = await upstream.request();
    request.accept({
      'x-codex-primary-used-percent': '42.4',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-at': '1900000000',
      'x-codex-secondary-used-percent': '7',
      'x-codex-secondary-window-minutes': '10080',
      'x-codex-credits-has-credits': 'true',
      'x-codex-credits-unlimited': 'false',
      'x-codex-credits-balance': '3.50',
    });
    request.answer('m1', ['ok']);
    await endOf(daemon, turnId);
    const [{ params } = {}] = daemon.notifications('account/rateLimits/updated');
    const limits = params?.['rateLimits'];
    expect(limits).toEqual({
      ...NO_LIMITS,
      primary: { usedPercent: 42, windowDurationMins: 300, resetsAt: 1_900_000_000 },
      secondary: { usedPercent: 7, windowDurationMins: 10_080, resetsAt: null },
      credits: { hasCredits: true, unlimited: false, balance: '3.50' },
    });
    expect(await daemon.request('account/rateLimits/read')).toEqual({
      rateLimits: limits,
      rateLimitsByLimitId: { codex: limits },
    });
  });
});

describe('a turn that tries again', () => {
  const notice = (
    n: number,
    max: number,
    details: unknown,
    httpStatusCode: number | null = null,
  ): object => ({
    message: `Reconnecting... ${n}/${max}`,
    codexErrorInfo: { responseStreamDisconnected: { httpStatusCode } },
    additionalDetails: details,
  });
  const closed = `${DISCONNECTED}stream closed before response.completed`;

  it('says so each time, announces the items anew, and completes', async () => {
    const thread = await openThread({ streamRetries: 2 });
    const { daemon, threadId, upstream } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    (await upstream.request()).refuse(502, 'bad');
    const second = await upstream.request(1);
    second.send(itemDone({ ...assistant('kept'), id: 'm1' }));
    second.begin('m2', ['lo']);
    second.end();
    const third = await upstream.request(2);
    third.answer('m2', ['lost']);
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'completed', error: null });
    const told = script(threadId, turnId);
    const refused = `unexpected status 502 Bad Gateway: bad, url: ${upstream.url}/v1/responses`;
    const kept = told.answer('m1', ['kept']);
    expect(daemon.messages.slice(before + 1)).toEqual([
      told.status(ACTIVE),
      told.started,
      ...told.input(textElement('one')),
      told.error(notice(1, 2, refused, 502), true),
      told.limits(),
      ...kept.slice(0, 1),
      ...kept.slice(-1),
      ...told.answer('m2', ['lo']).slice(0, 2),
      told.error(notice(2, 2, closed), true),
      told.limits(),
      ...told.answer('m2', ['lost']),
      told.usage(),
      told.status(IDLE),
      told.completed('completed'),
    ]);
    expect(second.input.slice(2)).toEqual([user('one')]);
    expect(third.input.slice(2)).toEqual([user('one'), assistant('kept')]);
    const metadata = upstream.requests.map(({ headers }) => headers['x-codex-turn-metadata']);
    expect(new Set(metadata).size).toBe(1);
  });

  it('fails when its tries are used up', async () => {
    const thread = await openThread({ streamRetries: 1 });
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'one');
    for (const index of [0, 1]) {
      const request = await upstream.request(index);
      request.accept();
      request.end();
    }
    const told = script(threadId, turnId);
    const error = { message: closed, codexErrorInfo: 'other', additionalDetails: null };
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'failed', error });
    expect(daemon.notifications('error')).toEqual([
      told.error(notice(1, 1, closed), true),
      told.error(error),
    ]);
    expect(upstream.requests).toHaveLength(2);
  });

  it('does so after a refusal that says how long to wait', async () => {
    const thread = await openThread({ streamRetries: 1 });
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'one');
    (await upstream.request()).refuse(429, '', { 'retry-after-ms': '1' });
    (await upstream.request(1)).answer('m1', ['ok']);
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'completed' });
    const details = 'exceeded retry limit, last status: 429 Too Many Requests';
    expect(daemon.notifications('error')).toEqual([
      script(threadId, turnId).error(notice(1, 1, details, 429), true),
    ]);
  });
});

describe('a provider that speaks WebSocket', () => {
  const provider = 'supports_websockets = true';

  it('is asked by HTTP, with a warning, when the tries are used up, and from then on', async () => {
    const thread = await openThread({ provider, streamRetries: 1 });
    const { daemon, threadId, upstream } = thread;
    await upstream.until('a handshake', () => upstream.handshakes[0]);
    for (const index of [0, 1, 2]) {
      void upstream.frame(index).then(({ socket }) => socket.terminate());
    }
    const turnId = await startTurn(thread, 'one');
    (await upstream.request()).answer('m1', ['ok']);
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'completed' });
    const told = script(threadId, turnId);
    expect(daemon.notifications('warning')).toEqual([
      told.warning(
        expect.stringMatching(/^Falling back from WebSockets to HTTPS transport\. stream disconnected/),
      ),
    ]);
    expect(daemon.notifications('error').map(({ params }) => params?.['willRetry'])).toEqual([true]);
    await wholeTurn(thread, 'two');
    expect(upstream.handshakes).toHaveLength(3);
    expect(upstream.requests).toHaveLength(2);
  });

  it('is asked by HTTP at once, without a word, when it wants to be', async () => {
    const upstream = await ResponsesUpstream.open();
    upstream.refusesSockets = 426;
    const config = upstream.config('', { model: 'gpt-5.5', provider });
    const daemon = await TestDaemon.open({ config });
    const threadId = await daemon.startThread();
    await wholeTurn({ daemon, threadId, upstream }, 'one');
    expect(upstream.handshakes).toHaveLength(1);
    expect(daemon.notifications('warning')).toEqual([]);
    expect(daemon.notifications('error')).toEqual([]);
  });

  it('is asked again in full, on a new connection, when it cuts a response', async () => {
    const thread = await openThread({ provider, streamRetries: 1 });
    const { daemon, upstream } = thread;
    (await upstream.frame()).send(completed('warm'));
    const turnId = await startTurn(thread, 'one');
    const first = await upstream.frame(1);
    first.begin('m1', ['half']);
    await daemon.waitForNotification('item/agentMessage/delta');
    first.socket.terminate();
    const second = await upstream.frame(2);
    expect(second.body).not.toHaveProperty('previous_response_id');
    expect(layout(second.input)).toEqual(['developer', 'environment', 'user: one']);
    second.answer('m1', ['whole']);
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'completed' });
    expect(upstream.handshakes).toHaveLength(2);
    expect(daemon.notifications('warning')).toEqual([]);
  });
});
