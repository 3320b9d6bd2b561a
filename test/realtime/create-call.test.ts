import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCall } from '../../src/realtime/create-call.ts';
import type { CreateCallOptions, SendHttp } from '../../src/realtime/create-call.ts';

type Request = Parameters<SendHttp>[1];
type Response = Awaited<ReturnType<SendHttp>>;

/** What a service does with an attempt. */
type Attempt = (request: Request) => Promise<Response>;

const LOCATION = { location: '/v1/realtime/calls/rtc_test' };

function answer(
  status: number,
  body: string | Uint8Array<ArrayBuffer> = '',
  headers: object = LOCATION,
): Attempt {
  return async () => new Response(status === 204 ? null : body, { status, headers: { ...headers } });
}

/** Fails as `fetch` does. */
function unreachable(reason = 'connect ECONNREFUSED 127.0.0.1:1'): Attempt {
  return async () => {
    throw new TypeError('fetch failed', { cause: new Error(reason) });
  };
}

/** Never answers, and ends with the signal. */
const silence: Attempt = ({ signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

/** Answers with a beginning, and fails with the signal or by itself. */
function halfAnswer(failure: Error | null): Attempt {
  return async ({ signal }) => ({
    status: 200,
    headers: new Headers(LOCATION),
    body: (async function* () {
      yield Buffer.from('v=half');
      if (failure !== null) throw failure;
      await silence({ method: 'POST', headers: {}, body: '', signal });
    })(),
  });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

interface Run {
  /** When each attempt was made, in milliseconds since the first. */
  readonly times: number[];
  readonly requests: { readonly url: string; readonly request: Request }[];
  readonly outcome: Promise<unknown>;
}

/** Makes a call at a service that does one thing after the other, the last again and again. */
function run(attempts: Attempt[], options: Partial<CreateCallOptions> = {}): Run {
  const times: number[] = [];
  const requests: Run['requests'] = [];
  const made = createCall({
    send: (url, request) => {
      times.push(Date.now());
      requests.push({ url, request });
      return (attempts[Math.min(requests.length, attempts.length) - 1] ?? silence)(request);
    },
    url: 'http://h/v1/realtime/calls',
    headers: { Authorization: 'Bearer secret-token', 'x-own': '1' },
    body: 'the body',
    maxRetries: 4,
    timeoutMs: 60_000,
    random: () => 0.5,
    signal: new AbortController().signal,
    ...options,
  });
  const outcome = made.catch((error: unknown) => (error as Error).message);
  return { times, requests, outcome };
}

/** The outcome, with every wait run through. */
async function outcomeOf({ outcome }: Run): Promise<unknown> {
  await vi.runAllTimersAsync();
  return outcome;
}

const FAILED = 'the realtime call could not be created: ';
const BUSY = 'the service is under high demand; try again later';

describe('a call that is made', () => {
  test('gives its id and the answer, unchanged', async () => {
    const made = run([answer(201, 'v=answer\r\n')]);
    expect(await outcomeOf(made)).toEqual({ callId: 'rtc_test', sdp: 'v=answer\r\n' });
    expect(made.requests).toEqual([
      {
        url: 'http://h/v1/realtime/calls',
        request: {
          method: 'POST',
          headers: { Authorization: 'Bearer secret-token', 'x-own': '1' },
          body: 'the body',
          signal: expect.any(AbortSignal),
        },
      },
    ]);
  });

  test.each<[name: string, attempt: Attempt, sdp: string]>([
    ['any success', answer(200, 'v=0'), 'v=0'],
    ['no words', answer(204, '', LOCATION), ''],
    ['an empty answer', answer(201, ''), ''],
    ['what is no SDP', answer(201, ' é\u0000'), ' é\u0000'],
    ['a byte order mark', answer(201, '\ufeffv=0'), '\ufeffv=0'],
    ['as much as is taken', answer(201, 'x'.repeat(1024 * 1024)), 'x'.repeat(1024 * 1024)],
  ])('is answered by %s', async (_name, attempt, sdp) => {
    const made = run([attempt]);
    expect(await outcomeOf(made)).toEqual({ callId: 'rtc_test', sdp });
  });
});

describe('an answer that is none', () => {
  test.each<[name: string, attempt: Attempt, reason: string]>([
    ['without a Location', answer(201, 'v=0', {}), 'the answer has no Location header'],
    [
      'with a Location that names no call',
      answer(201, 'v=0', { location: '/v1/realtime/calls' }),
      'the Location `/v1/realtime/calls` names no call',
    ],
    ['that is no text', answer(201, Uint8Array.of(0x76, 0xff)), 'the answer is no UTF-8 text'],
    ['that ends within a character', answer(201, Uint8Array.of(0x76, 0xc3)), 'the answer is no UTF-8 text'],
    ['that is too long', answer(201, 'x'.repeat(1024 * 1024 + 1)), 'the answer is longer than 1048576 bytes'],
  ])('%s: told, not tried again', async (_name, attempt, reason) => {
    const made = run([attempt]);
    expect(await outcomeOf(made)).toBe(FAILED + reason);
    expect(made.requests).toHaveLength(1);
  });
});

describe('a refusal', () => {
  const json = (message: unknown): string => JSON.stringify({ error: { message, code: 'c' } });

  test.each<[name: string, attempt: Attempt, reason: string]>([
    ['by its JSON error', answer(400, json('bad offer')), 'HTTP status 400: bad offer'],
    ['by its words', answer(403, ' no entry\n'), 'HTTP status 403: no entry'],
    ['without a word', answer(404), 'HTTP status 404'],
    ['by other JSON', answer(400, '{"detail":7}'), 'HTTP status 400: {"detail":7}'],
    ['by JSON that is null', answer(400, 'null'), 'HTTP status 400: null'],
    [
      'by a message that is none',
      answer(400, '{"error":{"message":7}}'),
      'HTTP status 400: {"error":{"message":7}}',
    ],
    ['by an error that is a word', answer(400, '{"error":"no"}'), 'HTTP status 400: {"error":"no"}'],
    ['by many words', answer(400, 'x'.repeat(5_000)), `HTTP status 400: ${'x'.repeat(1_000)}`],
    ['by a long message', answer(400, json('x'.repeat(5_000))), `HTTP status 400: ${'x'.repeat(1_000)}`],
    ['by more than is read', answer(400, 'x'.repeat(2 * 1024 * 1024)), 'HTTP status 400'],
    ['by what is no text', answer(400, Uint8Array.of(0x6e, 0xff)), 'HTTP status 400: n\ufffd'],
    ['because of the rate', answer(429, json('slow down')), 'HTTP status 429: slow down'],
    ['by a redirection', answer(302, 'go away'), 'HTTP status 302: go away'],
  ])('%s: told once', async (_name, attempt, reason) => {
    const made = run([attempt]);
    expect(await outcomeOf(made)).toBe(FAILED + reason);
    expect(made.requests).toHaveLength(1);
  });

  test('is told with the ids of the request', async () => {
    const ids = { 'X-Request-Id': 'req_1', 'x-oai-request-id': 'oai_1', 'CF-Ray': 'ray_1' };
    expect(await outcomeOf(run([answer(401, json('bad credentials'), ids)]))).toBe(
      `${FAILED}HTTP status 401, x-request-id req_1, x-oai-request-id oai_1, cf-ray ray_1: bad credentials`,
    );
  });
});

describe('what may pass', () => {
  test.each<[name: string, attempt: Attempt, reason: string]>([
    ['500, whose words help nobody', answer(500, 'stack trace'), `HTTP status 500: ${BUSY}`],
    ['502', answer(502, 'boom'), 'HTTP status 502: boom'],
    ['503', answer(503, '{"error":{"message":"overloaded"}}'), 'HTTP status 503: overloaded'],
    ['nobody listening', unreachable(), 'fetch failed: connect ECONNREFUSED 127.0.0.1:1'],
    ['an answer that breaks off', halfAnswer(new Error('terminated')), 'terminated'],
  ])('%s: tried again four times, with longer and longer waits', async (_name, attempt, reason) => {
    const made = run([attempt]);
    expect(await outcomeOf(made)).toBe(FAILED + reason);
    expect(made.times).toEqual([0, 200, 600, 1400, 3000]);
    expect(new Set(made.requests.map(({ request }) => request.body))).toEqual(new Set(['the body']));
  });

  test.each<[random: number, times: number[]]>([
    [0, [0, 180, 540]],
    [0.75, [0, 210, 630]],
  ])('the waits are spread: %d', async (random, times) => {
    const made = run([answer(503)], { random: () => random, maxRetries: 2 });
    await outcomeOf(made);
    expect(made.times).toEqual(times);
  });

  test('the first success counts', async () => {
    const made = run([answer(503), unreachable(), answer(201, 'v=answer')]);
    expect(await outcomeOf(made)).toEqual({ callId: 'rtc_test', sdp: 'v=answer' });
    expect(made.times).toEqual([0, 200, 600]);
  });

  test('a refusal that does not pass ends it', async () => {
    const made = run([answer(503), answer(429), answer(201, 'v=answer')]);
    expect(await outcomeOf(made)).toBe(`${FAILED}HTTP status 429`);
    expect(made.times).toEqual([0, 200]);
  });

  test('where nothing is to be tried again, it is not', async () => {
    const made = run([answer(503)], { maxRetries: 0 });
    expect(await outcomeOf(made)).toBe(`${FAILED}HTTP status 503`);
    expect(made.times).toEqual([0]);
  });
});

describe('a service that takes its time', () => {
  test.each<[name: string, attempt: Attempt]>([
    ['over its answer', silence],
    ['in the middle of its answer', halfAnswer(null)],
  ])('%s is given up, each time', async (_name, attempt) => {
    vi.useRealTimers();
    const made = run([attempt], { timeoutMs: 20, maxRetries: 1, random: () => 0 });
    expect(await made.outcome).toBe(`${FAILED}no answer within 20 ms`);
    expect(made.requests).toHaveLength(2);
  });
});

describe('when it is cancelled', () => {
  test.each<[name: string, attempt: Attempt]>([
    ['during an attempt', silence],
    ['in the middle of an answer', halfAnswer(null)],
    ['between two attempts', answer(503)],
  ])('%s, nothing is tried again and nothing is left', async (_name, attempt) => {
    const abort = new AbortController();
    const made = run([attempt], { signal: abort.signal });
    await vi.advanceTimersByTimeAsync(100);
    abort.abort(new Error('stopped'));
    expect(await outcomeOf(made)).toMatch(/stopped$/);
    expect([made.requests.length, vi.getTimerCount()]).toEqual([1, 0]);
  });

  test('beforehand, only what the sender makes of it is told', async () => {
    const made = run([async ({ signal }) => Promise.reject(signal.reason as Error)], {
      signal: AbortSignal.abort(new Error('stopped')),
    });
    expect(await outcomeOf(made)).toBe(`${FAILED}stopped`);
    expect(made.requests).toHaveLength(1);
  });
});

test('no message has what was sent in confidence', async () => {
  const attempts = [answer(400, 'no'), answer(500, 'secret-token'), unreachable(), answer(201, 'v', {})];
  const told = await Promise.all(
    attempts.map(async (attempt) => outcomeOf(run([attempt], { maxRetries: 0 }))),
  );
  expect(told.join('\n')).not.toMatch(/secret-token|the body/);
});
