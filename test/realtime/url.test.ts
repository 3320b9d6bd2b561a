import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { realtimeUrl, withCallId } from '../../src/realtime/url.ts';
import type { RealtimeUrlParts } from '../../src/realtime/url.ts';

const V1_INTENT = 'quicksilver';

function outcome(baseUrl: string, parts: Partial<RealtimeUrlParts> = {}) {
  return realtimeUrl({ baseUrl, intent: null, model: null, queryParams: {}, ...parts });
}

function url(baseUrl: string, parts: Partial<RealtimeUrlParts> = {}): string {
  const built = outcome(baseUrl, parts);
  if (!built.ok) throw new Error(built.message);
  return built.url;
}

describe('whole URLs', () => {
  test.each<[base: string, parts: Partial<RealtimeUrlParts>, expected: string]>([
    ['http://127.0.0.1:8011', { intent: V1_INTENT }, 'ws://127.0.0.1:8011/v1/realtime?intent=quicksilver'],
    [
      'wss://example.com',
      { intent: V1_INTENT, model: 'realtime-test-model' },
      'wss://example.com/v1/realtime?intent=quicksilver&model=realtime-test-model',
    ],
    [
      'https://api.openai.com/v1',
      { intent: V1_INTENT, model: 'snapshot' },
      'wss://api.openai.com/v1/realtime?intent=quicksilver&model=snapshot',
    ],
    [
      'https://example.com/openai/v1',
      { intent: V1_INTENT, model: 'snapshot' },
      'wss://example.com/openai/v1/realtime?intent=quicksilver&model=snapshot',
    ],
    [
      'https://example.com/v1/realtime?foo=bar',
      { intent: V1_INTENT, model: 'snapshot', queryParams: { trace: '1', intent: 'ignored' } },
      'wss://example.com/v1/realtime?foo=bar&intent=quicksilver&model=snapshot&trace=1',
    ],
    ['https://example.com', { intent: V1_INTENT }, 'wss://example.com/v1/realtime?intent=quicksilver'],
    [
      'https://example.com/v1/realtime?foo=bar',
      { model: 'snapshot', queryParams: { trace: '1', intent: 'ignored' } },
      'wss://example.com/v1/realtime?foo=bar&model=snapshot&trace=1',
    ],
    ['https://example.com', {}, 'wss://example.com/v1/realtime'],
    [
      'ws://127.0.0.1:1',
      { model: 'gpt-realtime-1.5' },
      'ws://127.0.0.1:1/v1/realtime?model=gpt-realtime-1.5',
    ],
  ])('%s with %j', (base, parts, expected) => {
    expect(outcome(base, parts)).toEqual({ ok: true, url: expected });
  });
});

test.each([
  ['', '/v1/realtime'],
  ['/', '/v1/realtime'],
  ['/realtime', '/realtime'],
  ['/v1/realtime', '/v1/realtime'],
  ['/realtime/', '/realtime'],
  ['/v1/realtime/', '/v1/realtime'],
  ['/v1', '/v1/realtime'],
  ['/openai/v1', '/openai/v1/realtime'],
  ['/v1/', '/v1/realtime'],
  ['/openai/v1/', '/openai/v1/realtime'],
  ['/openai', '/openai'],
  ['/openai/', '/openai/'],
  ['/backend-api/codex', '/backend-api/codex'],
  ['/xv1', '/xv1'],
  ['/xv1/', '/xv1/'],
  ['/notrealtime', '/notrealtime'],
  ['/notrealtime/', '/notrealtime/'],
  ['/v1//', '/v1//'],
  ['/v1/realtime//', '/v1/realtime//'],
  ['/v1/Realtime', '/v1/Realtime'],
])('the path %j becomes %j', (path, expected) => {
  expect(url(`wss://example.com${path}`)).toBe(`wss://example.com${expected}`);
});

test.each([
  ['ws://h/realtime', 'ws://h/realtime'],
  ['wss://h/realtime', 'wss://h/realtime'],
  ['http://h/realtime', 'ws://h/realtime'],
  ['https://h/realtime', 'wss://h/realtime'],
  ['HTTPS://H/realtime', 'wss://h/realtime'],
  ['http://h:8080/realtime', 'ws://h:8080/realtime'],
  ['http://h:80/realtime', 'ws://h/realtime'],
  ['http://h:443/realtime', 'ws://h:443/realtime'],
  ['https://h:443/v1', 'wss://h/v1/realtime'],
  ['https://h:80/v1', 'wss://h:80/v1/realtime'],
  ['http://[::1]:9/v1', 'ws://[::1]:9/v1/realtime'],
  ['http://user@h/v1', 'ws://user@h/v1/realtime'],
  ['http://user:pass@h/v1', 'ws://user:pass@h/v1/realtime'],
  ['http://:pass@h/v1', 'ws://:pass@h/v1/realtime'],
  ['http://us%40er:p%3Ass@h/v1', 'ws://us%40er:p%3Ass@h/v1/realtime'],
  ['http://h/v1#part', 'ws://h/v1/realtime#part'],
  ['http://h/v1?a=b#part', 'ws://h/v1/realtime?a=b#part'],
])('%s becomes %s', (base, expected) => {
  expect(url(base)).toBe(expected);
});

test('a scheme that is none of the four is named', () => {
  expect(outcome('ftp://example.com/v1')).toEqual({
    ok: false,
    message: 'the realtime base URL has the scheme `ftp`; expected http, https, ws or wss',
  });
});

test.each(['', 'example.com', '/v1', 'http://', 'http://h:99999'])('%j is no URL', (base) => {
  expect(outcome(base)).toEqual({ ok: false, message: 'the realtime base URL is not a valid URL' });
});

describe('the query', () => {
  const base = 'wss://h/realtime';

  test.each(['?a=b%20c&flag', '?flag', '?a=b+c&~t', '?x=%7E&y==&&z', '?q=%C3%A9', '?tail&'])(
    '%s of the base URL is kept byte for byte',
    (existing) => {
      expect(url(base + existing)).toBe(base + existing);
      expect(url(base + existing, { model: 'm' })).toBe(`${base}${existing}&model=m`);
    },
  );

  test('without anything to add there is no stray question mark', () => {
    expect(url(base)).toBe(base);
    expect(url(base, { queryParams: { intent: 'x' } })).toBe(base);
  });

  test('nothing is deduplicated against the base URL', () => {
    expect(url(`${base}?model=a&intent=b`, { intent: V1_INTENT, model: 'c' })).toBe(
      `${base}?model=a&intent=b&intent=quicksilver&model=c`,
    );
  });

  test("the provider's intent is always dropped, its model only beside another model", () => {
    const queryParams = { intent: 'x', model: 'theirs', trace: '1' };
    expect(url(base, { queryParams })).toBe(`${base}?model=theirs&trace=1`);
    expect(url(base, { queryParams, model: 'ours' })).toBe(`${base}?model=ours&trace=1`);
  });

  test('what is added is encoded as a form', () => {
    expect(url(base, { model: 'a b*-._~é&=', queryParams: { 'k y': 'v/1' } })).toBe(
      `${base}?model=a+b*-._%7E%C3%A9%26%3D&k+y=v%2F1`,
    );
  });

  test('any model and any parameters are read back from the URL', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 });
    const key = word.filter((name) => name !== 'intent' && name !== 'model');
    fc.assert(
      fc.property(word, fc.dictionary(key, word), (model, queryParams) => {
        const built = new URL(url(`${base}?first`, { model, queryParams }));
        expect([...built.searchParams]).toEqual([
          ['first', ''],
          ['model', model],
          ...Object.entries(queryParams),
        ]);
      }),
    );
  });
});

describe('the URL that joins a call', () => {
  test.each<[base: string, parts: Partial<RealtimeUrlParts>, callId: string, expected: string]>([
    ['https://api.openai.com/v1', {}, 'rtc_test', 'wss://api.openai.com/v1/realtime?call_id=rtc_test'],
    [
      'ws://127.0.0.1:1',
      { intent: V1_INTENT },
      'rtc_core_test',
      'ws://127.0.0.1:1/v1/realtime?intent=quicksilver&call_id=rtc_core_test',
    ],
    [
      'wss://h/realtime?foo=b%20r',
      { queryParams: { intent: 'x', model: 'theirs', trace: '1' } },
      'rtc_1',
      'wss://h/realtime?foo=b%20r&model=theirs&trace=1&call_id=rtc_1',
    ],
    ['wss://h/realtime#part', {}, 'rtc_1', 'wss://h/realtime?call_id=rtc_1#part'],
    ['wss://h/realtime?a=b#part', {}, 'rtc_1', 'wss://h/realtime?a=b&call_id=rtc_1#part'],
    ['wss://h/realtime#who?', {}, 'rtc_1', 'wss://h/realtime?call_id=rtc_1#who?'],
    ['wss://h/realtime', {}, 'rtc_a#f&model=x', 'wss://h/realtime?call_id=rtc_a%23f%26model%3Dx'],
  ])('%s with %j and %s', (base, parts, callId, expected) => {
    expect(withCallId(url(base, parts), callId)).toBe(expected);
  });

  test('ends its query with the id, whatever the id is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (callId) => {
        const built = new URL(withCallId(url('wss://h/realtime?first=1#part'), callId));
        expect([...built.searchParams]).toEqual([
          ['first', '1'],
          ['call_id', callId],
        ]);
      }),
    );
  });
});

test('any base URL is either built or refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true })), (base) => {
      const built = outcome(base, { model: 'm' });
      if (built.ok) expect(new URL(built.url).protocol).toMatch(/^wss?:$/);
    }),
  );
});
