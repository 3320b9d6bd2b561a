import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RateLimitSnapshot } from '../../src/protocol/index.ts';
import { rateLimitsOfEvent } from '../../src/responses/event/rate-limit-event.ts';
import { rateLimitsOfHeaders } from '../../src/responses/event/rate-limit-headers.ts';
import { responseHeaders } from '../../src/responses/http/transport.ts';

const NONE = {
  limitId: 'codex',
  limitName: null,
  primary: null,
  secondary: null,
  credits: null,
  planType: null,
  rateLimitReachedType: null,
};

function ofHeaders(headers: Record<string, string>): unknown {
  return rateLimitsOfHeaders(responseHeaders(Object.entries(headers)));
}

describe('headers', () => {
  test('always tell the default family', () => {
    expect(ofHeaders({})).toEqual([NONE]);
  });

  test('tell both windows', () => {
    const headers = {
      'X-Codex-Primary-Used-Percent': '12.5',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-at': '1700000000',
      'x-codex-secondary-used-percent': '80',
    };
    expect(ofHeaders(headers)).toEqual([
      {
        ...NONE,
        primary: { usedPercent: 13, windowDurationMins: 300, resetsAt: 1_700_000_000 },
        secondary: { usedPercent: 80, windowDurationMins: null, resetsAt: null },
      },
    ]);
  });

  test.each([
    [{ 'x-codex-primary-used-percent': '0' }, null],
    [{ 'x-codex-primary-used-percent': '0', 'x-codex-primary-window-minutes': '0' }, null],
    [
      { 'x-codex-primary-used-percent': '0', 'x-codex-primary-window-minutes': '10' },
      { usedPercent: 0, windowDurationMins: 10, resetsAt: null },
    ],
    [
      { 'x-codex-primary-used-percent': '0', 'x-codex-primary-reset-at': '5' },
      { usedPercent: 0, windowDurationMins: null, resetsAt: 5 },
    ],
    [{ 'x-codex-primary-used-percent': 'NaN' }, null],
    [{ 'x-codex-primary-used-percent': 'inf' }, null],
    [{ 'x-codex-primary-used-percent': '' }, null],
    [{ 'x-codex-primary-window-minutes': '10' }, null],
    [
      { 'x-codex-primary-used-percent': '7', 'x-codex-primary-window-minutes': 'ten' },
      { usedPercent: 7, windowDurationMins: null, resetsAt: null },
    ],
  ])('a window of %j', (headers, primary) => {
    expect(ofHeaders(headers as unknown as Record<string, string>)).toEqual([{ ...NONE, primary }]);
  });

  test('tell other families that hold data, sorted, with their names', () => {
    const headers = {
      'x-zeta-primary-used-percent': '1',
      'x-codex-mini-primary-used-percent': '2',
      'x-codex-mini-limit-name': ' Codex Mini ',
      'x-empty-primary-used-percent': 'nothing',
    };
    const window = { windowDurationMins: null, resetsAt: null };
    expect(ofHeaders(headers)).toEqual([
      NONE,
      { ...NONE, limitId: 'codex_mini', limitName: 'Codex Mini', primary: { usedPercent: 2, ...window } },
      { ...NONE, limitId: 'zeta', primary: { usedPercent: 1, ...window } },
    ]);
  });

  test('give the same credits to every family', () => {
    const headers = {
      'x-codex-credits-has-credits': 'TRUE',
      'x-codex-credits-unlimited': '0',
      'x-codex-credits-balance': ' 12 ',
      'x-other-primary-used-percent': 'nothing',
    };
    const credits = { hasCredits: true, unlimited: false, balance: '12' };
    expect(ofHeaders(headers)).toEqual([
      { ...NONE, credits },
      { ...NONE, limitId: 'other', credits },
    ]);
  });

  test.each([
    [{ 'x-codex-credits-has-credits': 'true' }, null],
    [{ 'x-codex-credits-has-credits': 'yes', 'x-codex-credits-unlimited': 'true' }, null],
    [
      {
        'x-codex-credits-has-credits': '1',
        'x-codex-credits-unlimited': 'False',
        'x-codex-credits-balance': ' ',
      },
      { hasCredits: true, unlimited: false, balance: null },
    ],
  ])('credits of %j', (headers, credits) => {
    expect(ofHeaders(headers as unknown as Record<string, string>)).toEqual([{ ...NONE, credits }]);
  });
});

describe('an event', () => {
  const EVENT = {
    type: 'codex.rate_limits',
    plan_type: 'plus',
    rate_limits: {
      primary: { used_percent: 42, window_minutes: 60, reset_at: 1_700_000_000 },
      secondary: null,
    },
    credits: { has_credits: true, unlimited: false, balance: '123' },
    metered_limit_name: null,
    limit_name: null,
  };

  test('tells plan, windows and credits', () => {
    expect(rateLimitsOfEvent(EVENT)).toEqual({
      ...NONE,
      primary: { usedPercent: 42, windowDurationMins: 60, resetsAt: 1_700_000_000 },
      credits: { hasCredits: true, unlimited: false, balance: '123' },
      planType: 'plus',
    });
  });

  test.each([
    ['Codex-Mini', 'other', 'codex_mini'],
    [null, ' Other-Limit ', 'other_limit'],
    [null, null, 'codex'],
    [' ', null, 'codex'],
  ])('named %j and %j has the id %s', (metered_limit_name, limit_name, limitId) => {
    expect(rateLimitsOfEvent({ ...EVENT, metered_limit_name, limit_name })).toMatchObject({
      limitId,
      limitName: null,
    });
  });

  test('keeps a window of which nothing is used', () => {
    const event = { type: 'codex.rate_limits', rate_limits: { primary: { used_percent: 0 } } };
    expect(rateLimitsOfEvent(event)).toEqual({
      ...NONE,
      primary: { usedPercent: 0, windowDurationMins: null, resetsAt: null },
    });
  });

  test.each([{ rate_limits: 'none' }, { credits: { has_credits: 'yes' } }, { plan_type: 3 }])(
    'of another shape is none: %j',
    (members) => {
      expect(rateLimitsOfEvent({ type: 'codex.rate_limits', ...members })).toBeNull();
    },
  );
});

test('whatever the headers say, clients can be told', () => {
  const name = fc.constantFrom(
    'x-codex-primary-used-percent',
    'x-codex-primary-window-minutes',
    'x-codex-secondary-used-percent',
    'x-codex-secondary-reset-at',
    'x-a-b-primary-used-percent',
    'x--primary-used-percent',
    'x-codex-credits-has-credits',
    'x-codex-credits-unlimited',
  );
  const value = fc.oneof(
    fc.double().map(String),
    fc.maxSafeInteger().map(String),
    fc.string(),
    fc.constant('true'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (entries) => {
      for (const snapshot of rateLimitsOfHeaders(responseHeaders(entries))) {
        expect(RateLimitSnapshot.safeParse(snapshot).success).toBe(true);
      }
    }),
  );
});
