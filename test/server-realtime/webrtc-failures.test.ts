import { describe, expect, test } from 'vitest';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import { Call } from './call.ts';
import { ANSWER, begin, nowhere, place, SIDEBAND, WEBRTC, withRetries } from './webrtc-call.ts';

describe('a call that cannot be made', () => {
  const json = JSON.stringify({ error: { message: 'bad key test-token', code: 'c' } });
  const ids = { 'x-request-id': 'req_1', 'cf-ray': 'ray_1' };
  const given = 'HTTP status %, x-request-id req_1, cf-ray ray_1';

  test.each<[status: number, reason: string, attempts: number]>([
    [400, `${given}: bad key [redacted]`, 1],
    [401, `${given}: bad key [redacted]`, 1],
    [404, `${given}: bad key [redacted]`, 1],
    [429, `${given}: bad key [redacted]`, 1],
    [500, `${given}: the service is under high demand; try again later`, 2],
    [502, `${given}: bad key [redacted]`, 2],
    [503, `${given}: bad key [redacted]`, 2],
  ])('with status %i: one error, nothing else', async (status, reason, attempts) => {
    const call = await Call.open({
      upstream: { answerCall: () => ({ status, headers: ids, body: json }) },
      editConfig: withRetries(1),
    });
    await call.requestStart(WEBRTC);
    await call.until('error');
    await call.appendText('is anybody there');
    expect(call.heard).toEqual([
      call.note('error', {
        message: `the realtime call could not be created: ${reason.replace('%', `${status}`)}`,
      }),
      call.notRunning,
    ]);
    expect([call.upstream.calls.length, call.upstream.handshakes]).toEqual([attempts, []]);
    expect(call.daemon.stderr).not.toContain('test-token');
  });

  test.each<[name: string, headers: Readonly<Record<string, string>>, body: string | Buffer, reason: string]>(
    [
      ['no Location', {}, 'v=0', 'the answer has no Location header'],
      [
        'a Location that names no call',
        { location: '/v1/realtime/calls' },
        'v=0',
        'the Location `/v1/realtime/calls` names no call',
      ],
      ['no text', { location: 'rtc_1' }, Buffer.of(0xff), 'the answer is no UTF-8 text'],
      [
        'too much',
        { location: 'rtc_1' },
        'x'.repeat(1024 * 1024 + 1),
        'the answer is longer than 1048576 bytes',
      ],
    ],
  )('because the answer has %s', async (_name, headers, body, reason) => {
    const call = await Call.open({ upstream: { answerCall: () => ({ status: 201, headers, body }) } });
    await call.requestStart(WEBRTC);
    await call.until('error');
    expect(call.heard).toEqual([
      call.note('error', { message: `the realtime call could not be created: ${reason}` }),
    ]);
    expect(call.upstream.handshakes).toEqual([]);
  });

  test('because it is never answered', async () => {
    const call = await Call.open({
      upstream: { answerCall: () => null },
      config: { realtime: 'connect_timeout_ms = 200' },
    });
    await call.requestStart(WEBRTC);
    await call.until('error');
    expect(call.heard).toEqual([
      call.note('error', { message: 'the realtime call could not be created: no answer within 200 ms' }),
    ]);
  });

  test('because nobody listens there', async () => {
    const { host } = new URL(await nowhere());
    const call = await Call.open({
      config: { top: `experimental_realtime_webrtc_call_base_url = "http://user:word@${host}/v1"` },
    });
    await call.requestStart(WEBRTC);
    await call.until('error');
    const [told] = call.heard;
    expect(told).toEqual(
      call.note('error', {
        message: expect.stringMatching(/^the realtime call could not be created: .*ECONNREFUSED/),
      }),
    );
    expect(JSON.stringify(told) + call.daemon.stderr).not.toContain('word');
  });

  test('at first, but then', async () => {
    const call = await Call.open({
      upstream: {
        answerCall: (_request, index) =>
          index === 0
            ? { status: 503, body: 'come again' }
            : { status: 201, headers: { location: '/v1/realtime/calls/rtc_test' }, body: 'v=second' },
      },
      editConfig: withRetries(1),
    });
    const socket = await call.start(WEBRTC);
    await call.fence(socket);
    expect(call.heard).toEqual([call.started(), call.note('sdp', { sdp: 'v=second' })]);
    const [first, second] = call.upstream.calls;
    expect(first?.body).toBe(second?.body);
  });
});

describe('a call that cannot be joined', () => {
  test('is told and closed, after it was tried again, and then nothing is running', async () => {
    const call = await Call.open({
      upstream: {
        refuse: () => ({
          status: '401 Unauthorized\r\nX-Request-Id: req_1',
          body: JSON.stringify({ error: { message: 'bad key test-token' } }),
        }),
      },
      editConfig: withRetries(2),
    });
    await call.requestStart(WEBRTC);
    await call.until('closed');
    await call.appendText('is anybody there');
    expect(call.heard).toEqual([
      call.started(),
      call.note('sdp', ANSWER),
      call.note('error', {
        message:
          'the realtime call could not be joined: could not connect to the realtime service at ' +
          `${place(call.upstream)}: HTTP status 401, x-request-id req_1: bad key [redacted]`,
      }),
      call.note('closed', { reason: 'error' }),
      call.notRunning,
    ]);
    expect(call.upstream.handshakes.map(({ url }) => url)).toEqual([SIDEBAND, SIDEBAND, SIDEBAND]);
    expect(call.daemon.stderr).not.toContain('test-token');
  });

  test('because nobody listens there', async () => {
    const calls = await RealtimeUpstream.open();
    const call = await Call.open({
      config: { top: `experimental_realtime_webrtc_call_base_url = "${calls.url}/v1"` },
      editConfig: (text, { url }) => text.replaceAll(url, 'http://127.0.0.1:1'),
    });
    await call.requestStart(WEBRTC);
    await call.until('closed');
    expect(call.heard).toEqual([
      call.started(),
      call.note('sdp', ANSWER),
      call.note('error', {
        message: expect.stringMatching(/^the realtime call could not be joined: .*ECONNREFUSED/),
      }),
      call.note('closed', { reason: 'error' }),
    ]);
  });

  test('because it is never answered', async () => {
    const call = await Call.open({
      upstream: { isSilent: true },
      config: { realtime: 'connect_timeout_ms = 200' },
    });
    await begin(call);
    await Promise.all([call.appendAudio('AAAA'), call.appendText('hello')]);
    await call.until('closed');
    expect(call.heard).toEqual([
      call.started(),
      call.note('sdp', ANSWER),
      call.note('error', {
        message:
          'the realtime call could not be joined: could not connect to the realtime service at ' +
          `${place(call.upstream)}: no answer within 200 ms`,
      }),
      call.note('closed', { reason: 'error' }),
      call.notRunning,
      call.notRunning,
    ]);
  });

  test('leaves room for another', async () => {
    let isOpen = false;
    const call = await Call.open({
      upstream: { refuse: () => (isOpen ? null : { status: '403 Forbidden' }) },
    });
    await call.requestStart(WEBRTC);
    await call.until('closed');
    isOpen = true;
    const socket = await call.start(WEBRTC);
    await call.fence(socket);
    expect(call.heard.map(({ method }) => method?.replace('thread/realtime/', ''))).toEqual([
      'started',
      'sdp',
      'error',
      'closed',
      'started',
      'sdp',
    ]);
  });
});
