import { describe, expect, test } from 'vitest';
import { statusError } from '../../src/responses/error/status-error.ts';
import { retryAfterMs } from '../../src/responses/error/retry-after.ts';
import { responseHeaders } from '../../src/responses/http/transport.ts';
import { bare, plain } from './support/session.ts';

const URL_ASKED = 'https://user:pass@api.test/v1/responses?api-version=secret';
const SUFFIX = ', url: https://api.test/v1/responses';
const NOW = new Date(2026, 0, 31, 15, 5).getTime();
const FALLBACK = 'The model provider refused this request because it may involve a cybersecurity risk.';
const OVERLOADED = 'The selected model is at capacity. Choose another model, or try again later.';

function mapped(status: number, body: unknown, headers: Record<string, string> = {}): object | null {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const refusal = { status, body: text, headers: responseHeaders(Object.entries(headers)), url: URL_ASKED };
  return plain(statusError(refusal, NOW));
}

describe('a status', () => {
  test.each(['server_is_overloaded', 'slow_down'])('503 with %s is an overloaded server', (code) => {
    expect(mapped(503, { error: { code } })).toEqual(bare('serverOverloaded', OVERLOADED, { status: 503 }));
  });

  test('503 with anything else is unexpected', () => {
    expect(mapped(503, { error: { code: 'other', message: 'down' } })).toEqual(
      bare('unexpectedStatus', `unexpected status 503 Service Unavailable: down${SUFFIX}`, {
        status: 503,
        isRetryable: true,
      }),
    );
  });

  test.each([
    [{ error: { code: 'cyber_policy', message: 'not this' } }, 'not this'],
    [{ error: { code: 'cyber_policy', message: '  ' } }, FALLBACK],
    [{ error: { code: 'cyber_policy' } }, FALLBACK],
  ])('400 with a policy is told as such: %j', (body, message) => {
    expect(mapped(400, body)).toEqual(bare('cyberPolicy', message, { status: 400 }));
  });

  test('400 with an image that cannot be read is told as such', () => {
    const body =
      '{"error":{"message":"The image data you provided does not represent a valid image. Check it."}}';
    expect(mapped(400, body)).toEqual(bare('invalidImage', body, { status: 400 }));
  });

  test.each(['{"error":{"message":"no such tool"}}', 'plain words', '{"error":null}'])(
    '400 is an invalid request, in the words of the server: %s',
    (body) => {
      expect(mapped(400, body)).toEqual(bare('invalidRequest', body, { status: 400 }));
    },
  );

  test('400 without a word is told with the status', () => {
    expect(mapped(400, ' ')).toEqual(
      bare('invalidRequest', `unexpected status 400 Bad Request: Unknown error${SUFFIX}`, { status: 400 }),
    );
  });

  test('500 is a server error, worth a retry', () => {
    expect(mapped(500, { error: { message: 'oops' } })).toEqual(
      bare('internalServerError', `unexpected status 500 Internal Server Error: oops${SUFFIX}`, {
        status: 500,
        isRetryable: true,
      }),
    );
  });

  test('401 tells everything that helps to trace it', () => {
    const errorJson = Buffer.from(JSON.stringify({ error: { code: 'token_expired' } })).toString('base64');
    const headers = {
      'X-Request-Id': 'req_1',
      'CF-Ray': 'ray_1',
      'x-openai-authorization-error': 'missing_authorization_header',
      'x-error-json': errorJson,
    };
    const message =
      'unexpected status 401 Unauthorized: who are you' +
      `${SUFFIX}, cf-ray: ray_1, request id: req_1` +
      ', auth error: missing_authorization_header, auth error code: token_expired';
    expect(mapped(401, { error: { message: 'who are you' } }, headers)).toEqual(
      bare('unauthorized', message, { status: 401, requestId: 'req_1', isRetryable: true }),
    );
  });

  test.each([
    ['not base64 of JSON', '%%%'],
    ['no error in it', Buffer.from('{}').toString('base64')],
  ])('an error header that holds %s is not told', (_what, value) => {
    expect(mapped(403, 'no', { 'x-error-json': value })).toEqual(
      bare('unexpectedStatus', `unexpected status 403 Forbidden: no${SUFFIX}`, {
        status: 403,
        isRetryable: true,
      }),
    );
  });

  test('a block by Cloudflare is told in its own words', () => {
    const page = '<html>Cloudflare: you have been blocked</html>';
    expect(mapped(403, page, { 'cf-ray': 'ray_2' })).toEqual(
      bare(
        'unexpectedStatus',
        'the request was blocked by Cloudflare on its way to the model provider (status 403 Forbidden)' +
          `${SUFFIX}, cf-ray: ray_2`,
        { status: 403, requestId: 'ray_2', isRetryable: true },
      ),
    );
  });

  test('a long body is cut at a character', () => {
    const body = `${'a'.repeat(998)}€€`;
    expect(mapped(502, body)).toEqual(
      bare('unexpectedStatus', `unexpected status 502 Bad Gateway: ${'a'.repeat(998)}...${SUFFIX}`, {
        status: 502,
        isRetryable: true,
      }),
    );
  });
});

describe('429', () => {
  const LIMITS = {
    limitName: null,
    primary: { usedPercent: 100, windowDurationMins: 300, resetsAt: 1_900_000_000 },
    secondary: null,
    credits: null,
    planType: null,
    rateLimitReachedType: null,
  };
  const HEADERS = {
    'x-codex-primary-used-percent': '100',
    'x-codex-primary-window-minutes': '300',
    'x-codex-primary-reset-at': '1900000000',
  };
  const seconds = (date: Date): number => date.getTime() / 1000;

  test.each([
    ['plus', 'Upgrade your plan or buy more credits, or try again at'],
    ['team', 'Ask the administrator of your workspace for more, or try again at'],
    ['free', 'Upgrade your plan, or try again at'],
    ['pro', 'Buy more credits, or try again at'],
    ['enterprise', 'Try again at'],
    ['brand-new-plan', 'Try again at'],
  ])('usage_limit_reached advises by the plan %s', (plan, advice) => {
    const resets = seconds(new Date(2026, 0, 31, 16, 30));
    const error = mapped(
      429,
      { error: { type: 'usage_limit_reached', plan_type: plan, resets_at: resets } },
      HEADERS,
    );
    expect(error).toEqual(
      bare('usageLimitReached', `You have reached your usage limit. ${advice} 4:30 PM.`, {
        status: 429,
        planType: plan === 'brand-new-plan' ? 'unknown' : plan,
        resetsAt: resets,
        rateLimits: { limitId: 'codex', ...LIMITS },
      }),
    );
  });

  test.each([
    [new Date(2026, 1, 1, 0, 0), 'Feb 1st, 2026 12:00 AM'],
    [new Date(2026, 1, 2, 12, 5), 'Feb 2nd, 2026 12:05 PM'],
    [new Date(2026, 2, 3, 9, 59), 'Mar 3rd, 2026 9:59 AM'],
    [new Date(2026, 11, 11, 23, 1), 'Dec 11th, 2026 11:01 PM'],
    [new Date(2027, 0, 22, 13, 0), 'Jan 22nd, 2027 1:00 PM'],
  ])('names the day of a reset that is not today: %s', (date, text) => {
    const body = { error: { type: 'usage_limit_reached', resets_at: seconds(date) } };
    expect(mapped(429, body)).toMatchObject({
      message: `You have reached your usage limit. Try again at ${text}.`,
    });
  });

  test('says later when the time of the reset is not known', () => {
    expect(mapped(429, { error: { type: 'usage_limit_reached' } })).toMatchObject({
      message: 'You have reached your usage limit. Try again later.',
    });
  });

  test('takes the sentence of a promotion', () => {
    const headers = { 'x-codex-promo-message': 'Two weeks of Pro are free.' };
    expect(mapped(429, { error: { type: 'usage_limit_reached', plan_type: 'plus' } }, headers)).toMatchObject(
      {
        message: 'You have reached your usage limit. Two weeks of Pro are free. Or try again later.',
      },
    );
  });

  test('reads the family of the active limit, with its name', () => {
    const headers = {
      'x-codex-active-limit': 'codex_other',
      'x-codex-other-limit-name': 'Codex Mini',
      'x-codex-other-primary-used-percent': '90',
    };
    expect(mapped(429, { error: { type: 'usage_limit_reached' } }, headers)).toEqual(
      bare(
        'usageLimitReached',
        'You have reached the usage limit of Codex Mini. Switch to another model, or try again later.',
        {
          status: 429,
          rateLimits: {
            ...LIMITS,
            limitId: 'codex_other',
            limitName: 'Codex Mini',
            primary: { usedPercent: 90, windowDurationMins: null, resetsAt: null },
          },
        },
      ),
    );
  });

  test('has no name where no header gives one, even when the id is known', () => {
    const error = mapped(
      429,
      { error: { type: 'usage_limit_reached' } },
      { 'x-codex-active-limit': 'codex_other' },
    );
    expect(error).toMatchObject({ rateLimits: { limitId: 'codex_other', limitName: null } });
  });

  test('usage_not_included is told as such', () => {
    expect(mapped(429, { error: { type: 'usage_not_included' } })).toEqual(
      bare(
        'usageNotIncluded',
        'Your plan does not include this use. Upgrade the plan, or log in with an API key.',
        {
          status: 429,
        },
      ),
    );
  });

  test.each([
    [{ 'x-request-id': 'a', 'x-oai-request-id': 'b', 'cf-ray': 'c' }, 'a'],
    [{ 'x-oai-request-id': 'b', 'cf-ray': 'c' }, 'b'],
    [{ 'cf-ray': 'c' }, 'c'],
  ])('anything else is too many requests, with the id of %j', (headers, id) => {
    expect(mapped(429, 'slow', headers as unknown as Record<string, string>)).toEqual(
      bare('retryLimit', `exceeded retry limit, last status: 429 Too Many Requests, request id: ${id}`, {
        status: 429,
        requestId: id,
      }),
    );
  });

  test.each([
    ['2', 2_000, true],
    ['60', 60_000, true],
    ['61', 61_000, false],
    ['soon', null, false],
  ])('with retry-after %s', (value, delay, isRetryable) => {
    expect(mapped(429, 'slow', { 'retry-after': value })).toEqual(
      bare('retryLimit', 'exceeded retry limit, last status: 429 Too Many Requests', {
        status: 429,
        retryAfterMs: delay,
        isRetryable,
      }),
    );
  });
});

describe('retry-after', () => {
  test.each([
    [{}, null],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': '-1' }, null],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': new Date(NOW + 5_000).toUTCString() }, 5_000],
    [{ 'retry-after': new Date(NOW - 5_000).toUTCString() }, null],
    [{ 'retry-after': 'garbage' }, null],
  ])('%j', (headers, expected) => {
    expect(retryAfterMs(responseHeaders(Object.entries(headers)), NOW)).toBe(expected);
  });
});
