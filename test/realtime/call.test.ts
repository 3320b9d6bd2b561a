import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callIdOf, callRequest, callsUrl } from '../../src/realtime/call.ts';

describe('the URL that calls are made at', () => {
  test.each<[base: string, queryParams: Record<string, string>, expected: string]>([
    ['https://api.openai.com/v1', {}, 'https://api.openai.com/v1/realtime/calls'],
    ['https://api.openai.com/v1/', {}, 'https://api.openai.com/v1/realtime/calls'],
    ['https://api.openai.com/v1///', {}, 'https://api.openai.com/v1/realtime/calls'],
    ['https://h', {}, 'https://h/realtime/calls'],
    ['https://chatgpt.com/backend-api/codex', {}, 'https://chatgpt.com/backend-api/codex/realtime/calls'],
    [
      'http://h/v1',
      { trace: '1', intent: 'x', model: 'y' },
      'http://h/v1/realtime/calls?trace=1&intent=x&model=y',
    ],
    ['http://h/v1', { 'k y': 'a b/é&c' }, 'http://h/v1/realtime/calls?k y=a b/é&c'],
  ])('%s with %j', (base, queryParams, expected) => {
    expect(callsUrl(base, queryParams)).toBe(expected);
  });
});

describe('the request that makes a call', () => {
  const SESSION = { type: 'realtime', model: 'm', instructions: 'say "é"\n' };

  test.each(['https://api.openai.com/v1', 'http://127.0.0.1:1', 'https://h/backend/api'])(
    'is multipart at %s, byte for byte',
    (base) => {
      expect(callRequest(base, 'v=offer\r\n', SESSION)).toEqual({
        headers: { 'Content-Type': 'multipart/form-data; boundary=codex-realtime-call-boundary' },
        body:
          '--codex-realtime-call-boundary\r\n' +
          'Content-Disposition: form-data; name="sdp"\r\n' +
          'Content-Type: application/sdp\r\n' +
          '\r\n' +
          'v=offer\r\n' +
          '\r\n' +
          '--codex-realtime-call-boundary\r\n' +
          'Content-Disposition: form-data; name="session"\r\n' +
          'Content-Type: application/json\r\n' +
          '\r\n' +
          '{"type":"realtime","model":"m","instructions":"say \\"é\\"\\n"}\r\n' +
          '--codex-realtime-call-boundary--\r\n',
      });
    },
  );

  test.each(['https://chatgpt.com/backend-api/codex', 'http://h/backend-api', 'http://h/x/backend-apis'])(
    'is JSON at %s',
    (base) => {
      expect(callRequest(base, 'v=offer\r\n', SESSION)).toEqual({
        headers: { 'Content-Type': 'application/json' },
        body: '{"sdp":"v=offer\\r\\n","session":{"type":"realtime","model":"m","instructions":"say \\"é\\"\\n"}}',
      });
    },
  );

  test('carries any offer unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (sdp) => {
        const [, afterHead = ''] = callRequest('http://h', sdp, {}).body.split('application/sdp\r\n\r\n');
        expect(afterHead.startsWith(`${sdp}\r\n--codex-realtime-call-boundary\r\n`)).toBe(true);
        expect(JSON.parse(callRequest('http://h/backend-api', sdp, {}).body)).toEqual({ sdp, session: {} });
      }),
    );
  });
});

describe('the id of a call', () => {
  test.each<[location: string, id: string]>([
    ['/v1/realtime/calls/rtc_x', 'rtc_x'],
    ['/v1/realtime/calls/calls/rtc_backend_test', 'rtc_backend_test'],
    ['https://api.openai.com/v1/realtime/calls/rtc_u1_Ab-9', 'rtc_u1_Ab-9'],
    ['/v1/realtime/calls/rtc_x/', 'rtc_x'],
    ['/v1/realtime/calls/rtc_x?a=b/rtc_y', 'rtc_x'],
    ['/v1/realtime/calls/rtc_a/hangup', 'rtc_a'],
    ['rtc_x', 'rtc_x'],
    ['/rtc_a/rtc_b/rtc_c', 'rtc_c'],
    ['/rtc_a/rtc_', 'rtc_a'],
    ['/rtc_a#f', 'rtc_a#f'],
    ['//rtc_x', 'rtc_x'],
  ])('of %s is %s', (location, id) => {
    expect(callIdOf(location)).toBe(id);
  });

  test.each([
    '',
    '/',
    '/v1/realtime/calls',
    '/v1/realtime/calls/rtc_',
    '/v1/realtime/calls?call=rtc_x',
    '/v1/realtime/calls?/rtc_x',
    '/v1/realtime/calls/RTC_x',
    '/v1/realtime/calls/my_rtc_x',
    '/v1/realtime/calls/ rtc_x',
    '/v1/realtime/calls/call_x',
  ])('is not in %j', (location) => {
    expect(callIdOf(location)).toBeNull();
  });
});
