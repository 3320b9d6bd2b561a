import { describe, expect, test } from 'vitest';
import { CHATGPT, OFFER, planned, plannedCall, refused, THREAD_ID } from './support/plan.ts';

describe('a call that is made', () => {
  const LOGIN = { Authorization: 'Bearer key-of-login' };
  const COMMON = {
    version: '1.2.3',
    'x-session-id': THREAD_ID,
    originator: 'test',
    'User-Agent': 'test/1',
  };
  const MULTIPART = { 'Content-Type': 'multipart/form-data; boundary=codex-realtime-call-boundary' };
  const JSON_TYPE = { 'Content-Type': 'application/json' };

  /** The body of the request that takes multipart. */
  function multipart(session: object): string {
    return (
      '--codex-realtime-call-boundary\r\nContent-Disposition: form-data; name="sdp"\r\n' +
      `Content-Type: application/sdp\r\n\r\n${OFFER}\r\n` +
      '--codex-realtime-call-boundary\r\nContent-Disposition: form-data; name="session"\r\n' +
      `Content-Type: application/json\r\n\r\n${JSON.stringify(session)}\r\n` +
      '--codex-realtime-call-boundary--\r\n'
    );
  }

  test('with an API key: the request, and the socket that joins', () => {
    expect(plannedCall()).toEqual({
      type: 'call',
      call: {
        url: 'https://api.openai.com/v1/realtime/calls',
        headers: { ...COMMON, ...MULTIPART, ...LOGIN },
        body: multipart({ ...planned().session, model: 'gpt-realtime-1.5' }),
      },
      sideband: {
        url: 'wss://api.openai.com/v1/realtime',
        headers: { ...COMMON, ...LOGIN },
        maxRetries: 4,
      },
    });
  });

  test('in version 1, with a model of the request', () => {
    const { call, sideband } = plannedCall({ version: 'v1', model: 'requested' });
    expect([call.body, sideband.url]).toEqual([
      multipart({ ...planned({ version: 'v1' }).session, model: 'requested' }),
      'wss://api.openai.com/v1/realtime?intent=quicksilver',
    ]);
  });

  test('of a transcription session', () => {
    const situation = { config: 'realtime.type = "transcription"' };
    expect(plannedCall({}, situation).call.body).toBe(
      multipart({ ...planned({}, situation).session, model: 'gpt-realtime-1.5' }),
    );
  });

  test.each([
    ['v1', 'wss://api.openai.com/v1/realtime?intent=quicksilver'],
    ['v2', 'wss://api.openai.com/v1/realtime'],
  ] as const)(
    'with a login of ChatGPT, %s: made at its backend as JSON, joined at the API, with its token and account',
    (version, socketUrl) => {
      const headers = {
        ...COMMON,
        Authorization: 'Bearer token-of-chatgpt',
        'ChatGPT-Account-ID': 'account',
      };
      const { call, sideband } = plannedCall({ version }, { auth: CHATGPT });
      expect([{ ...call, body: JSON.parse(call.body) as unknown }, sideband]).toEqual([
        {
          url: 'https://chatgpt.com/backend-api/codex/realtime/calls',
          headers: { ...headers, ...JSON_TYPE },
          body: { sdp: OFFER, session: { ...planned({ version }).session, model: 'gpt-realtime-1.5' } },
        },
        { url: socketUrl, headers, maxRetries: 4 },
      ]);
    },
  );

  test('with a login of ChatGPT that names no account', () => {
    const { call } = plannedCall({}, { auth: { ...CHATGPT, accountId: null } });
    expect(call.headers).not.toHaveProperty('ChatGPT-Account-ID');
  });

  test('without a login: what it needs is for the service to say', () => {
    const { call, sideband } = plannedCall({}, { auth: { kind: 'none' } });
    expect([call.headers, sideband.headers]).toEqual([{ ...COMMON, ...MULTIPART }, COMMON]);
  });

  test('the base URLs of the configuration, each for its own step', () => {
    const config = `
experimental_realtime_ws_base_url = "http://127.0.0.1:1"
experimental_realtime_webrtc_call_base_url = "http://127.0.0.1:2/backend-api//"
`;
    const { call, sideband } = plannedCall({}, { config });
    expect([call.url, call.headers['Content-Type'], sideband.url]).toEqual([
      'http://127.0.0.1:2/backend-api/realtime/calls',
      'application/json',
      'ws://127.0.0.1:1/v1/realtime',
    ]);
  });

  test('a provider of its own: its parameters on both URLs, its headers on both requests, its retries for both', () => {
    const config = `
model_provider = "own"
[model_providers.own]
name = "Own"
base_url = "https://own.example/api/v1"
experimental_bearer_token = "token-of-provider"
query_params = { trace = "a b", intent = "x", model = "y" }
http_headers = { "x-own" = "1", "content-type" = "theirs", authorization = "theirs" }
request_max_retries = 7
`;
    const { call, sideband } = plannedCall({}, { config });
    const headers = {
      'x-own': '1',
      'x-session-id': THREAD_ID,
      Authorization: 'Bearer token-of-provider',
      originator: 'test',
      'User-Agent': 'test/1',
    };
    expect([call.url, call.headers, sideband]).toEqual([
      'https://own.example/api/v1/realtime/calls?trace=a b&intent=x&model=y',
      { ...headers, ...MULTIPART },
      {
        url: 'wss://own.example/api/v1/realtime?trace=a+b&model=y',
        headers: { ...headers, 'content-type': 'theirs' },
        maxRetries: 7,
      },
    ]);
  });

  test('a user name and a password in the base URL stay behind', () => {
    const config = 'experimental_realtime_webrtc_call_base_url = "http://user:word@127.0.0.1:2/v1"';
    expect(plannedCall({}, { config }).call.url).toBe('http://127.0.0.1:2/v1/realtime/calls');
  });

  test.each([
    ['webrtc_call', 'nonsense', 'the base URL for realtime calls is not a valid URL'],
    ['webrtc_call', 'ws://h', 'the base URL for realtime calls has the scheme `ws`; expected http or https'],
    ['ws', 'nonsense', 'the realtime base URL is not a valid URL'],
  ])('the %s base URL %s is refused', (which, base, message) => {
    const config = `experimental_realtime_${which}_base_url = "${base}"`;
    expect(refused({ transport: { type: 'webrtc', sdp: OFFER } }, { config })).toBe(message);
  });

  test('a variable that the provider wants must be set', () => {
    const config =
      'model_provider = "own"\n[model_providers.own]\nname = "Own"\nbase_url = "http://h/v1"\nenv_key = "OWN_KEY"\n';
    expect(refused({ transport: { type: 'webrtc', sdp: OFFER } }, { config })).toBe(
      'Missing environment variable: `OWN_KEY`.',
    );
  });

  test.each(['', 'no SDP at all', 'v=0\n', '--codex-realtime-call-boundary--'])(
    'the offer %j goes as it is',
    (sdp) => {
      const { call } = plannedCall({ transport: { type: 'webrtc', sdp } });
      expect(call.body).toContain(`Content-Type: application/sdp\r\n\r\n${sdp}\r\n--codex`);
    },
  );
});

describe('a call that there is', () => {
  test.each(['rtc_1', 'rtc_u1_Ab-9'])('%s is joined like one that was made', (callId) => {
    expect(planned({ transport: { type: 'existingCall', callId } }).transport).toEqual({
      type: 'existingCall',
      callId,
      sideband: plannedCall().sideband,
    });
  });

  test.each(['', 'rtc_', 'call_1', 'RTC_1', ' rtc_1', 'rtc_1\n', 'rtc_1&model=x', 'rtc_é', 'a/rtc_1'])(
    '%j is refused',
    (callId) => {
      expect(refused({ transport: { type: 'existingCall', callId } })).toBe(
        '`callId` is not the id of a call: it begins with `rtc_`',
      );
    },
  );
});
