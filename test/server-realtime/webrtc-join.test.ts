import { describe, expect, test } from 'vitest';
import { openServer } from '../server/in-process-server.ts';
import { wholeTurn, wordsOf } from '../server/turns.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import { audio, audioFrame, Call, textFrame } from './call.ts';
import { framesOf } from './handoff-call.ts';
import {
  ANSWER,
  begin,
  callInTheMiddle,
  heldHandshakes,
  openAgent,
  place,
  SIDEBAND,
  WEBRTC,
  withRetries,
} from './webrtc-call.ts';

/** Writes requests about the voice without waiting for their answers. */
function write({ daemon, threadId }: Call, ...requests: [id: string, name: string, params: object][]): void {
  for (const [id, name, params] of requests) {
    daemon.write({ id, method: `thread/realtime/${name}`, params: { threadId, ...params } });
  }
}

/** The ids of the requests with such ids that were answered, in the order of the answers. */
function answered({ daemon }: Call): unknown[] {
  return daemon.messages.filter(({ id }) => typeof id === 'string').map(({ id }) => id);
}

describe('while a call is joined', () => {
  test('input waits, and arrives in its order behind the first frame', async () => {
    const { call, open } = await callInTheMiddle();
    await begin(call, { version: 'v1' });
    const ids = ['one', 'two', 'three'];
    for (const id of ids) {
      write(
        call,
        [`audio ${id}`, 'appendAudio', { audio: audio(id) }],
        [`text ${id}`, 'appendText', { text: id }],
      );
    }
    await call.daemon.request('thread/loaded/list', {});
    expect([answered(call), call.upstream.sockets]).toEqual([[], []]);
    open();
    await call.daemon.waitFor('the last answer', ({ id }) => id === 'text three');
    const socket = await call.upstream.socket();
    const last = (): true | undefined => (socket.received.length >= 7 ? true : undefined);
    await call.upstream.until('all input', last);
    expect(socket.received).toEqual([
      { type: 'session.update', session: expect.any(Object) },
      ...ids.flatMap((id) => [audioFrame(id), textFrame(id)]),
    ]);
    expect(answered(call)).toEqual(ids.flatMap((id) => [`audio ${id}`, `text ${id}`]));
    expect(call.heard).toEqual([call.started('v1'), call.note('sdp', ANSWER)]);
  });

  test('other threads go on', async () => {
    const { hold } = heldHandshakes();
    const call = await Call.open({
      upstream: { hold: async ({ url }) => (url === SIDEBAND ? hold() : undefined) },
    });
    await begin(call);
    const other = await call.another();
    const socket = await other.start();
    await other.sendingFence(socket);
    expect(other.heard).toEqual([other.started()]);
  });

  test('it counts as a call: a typed turn is told so, goes on by itself, and is shown to the voice model later', async () => {
    const { hold, open } = heldHandshakes();
    const agent = await openAgent({ hold });
    const { call, model, typed } = agent;
    await begin(call);
    const { index } = await wholeTurn(typed, 'dig here');
    const told = (await model.request(index)).input
      .map(wordsOf)
      .filter((words) => /^<realtime_conv/.test(words));
    expect(told).toEqual([expect.stringMatching(/^<realtime_conversation>\n.*voice assistant/s)]);
    open();
    const socket = await call.upstream.socket();
    await call.sendingFence(socket);
    expect(framesOf(socket)).toEqual([textFrame('[USER] dig here')]);
    const after = await wholeTurn(typed, 'and there');
    const again = (await model.request(after.index)).input.map(wordsOf);
    expect(again.filter((words) => words.startsWith('<realtime_conversation>'))).toEqual(told);
  });

  test('its thread is not unloaded', async () => {
    const { hold, open } = heldHandshakes();
    const realtime = await RealtimeUpstream.open({ hold });
    const { connect } = openServer(realtime.config(), { unloadAfterMs: 20 });
    const client = await connect();
    const [threadId, idle] = [await client.startThread(), await client.startThread()];
    await client.call('thread/realtime/start', { threadId, outputModality: 'audio', ...WEBRTC });
    await client.until('thread/realtime/sdp', threadId);
    await realtime.until('a handshake', () => realtime.handshakes[0]);
    for (const each of [threadId, idle]) await client.call('thread/unsubscribe', { threadId: each });
    await client.until('thread/closed', idle);
    const loaded = await client.call<{ data: string[] }>('thread/loaded/list', {});
    expect(loaded.data).toEqual([threadId]);
    open();
    (await realtime.socket()).socket.close();
    await client.until('thread/closed', threadId);
  });

  test('a start waits, and takes its place', async () => {
    const { call, open } = await callInTheMiddle();
    await begin(call, { realtimeSessionId: 'first' });
    await call.requestStart({ realtimeSessionId: 'second' });
    expect(call.upstream.handshakes).toHaveLength(1);
    open();
    await call.until('started', 2);
    const sockets = [await call.upstream.socket(0), await call.upstream.socket(1)];
    await call.upstream.until('the first to close', () => sockets[0]?.closed ?? undefined);
    expect(sockets.map(({ url }) => url)).toEqual([SIDEBAND, '/v1/realtime?model=gpt-realtime-1.5']);
    expect(call.heard).toEqual([
      call.started('v2', 'first'),
      call.note('sdp', ANSWER),
      call.started('v2', 'second'),
    ]);
  });
});

describe('a stop', () => {
  test('while a call is joined: told once, nothing follows, and no handshake is left', async () => {
    const { call, open } = await callInTheMiddle();
    await begin(call);
    write(call, ['text', 'appendText', { text: 'never arrives' }], ['stop', 'stop', {}]);
    await call.until('closed');
    await call.daemon.waitFor('the answer', ({ id }) => id === 'text');
    await call.upstream.until('the handshake to be given up', () =>
      call.upstream.abandoned === 1 ? true : undefined,
    );
    open();
    await call.appendText('is anybody there');
    const next = await call.start({ realtimeSessionId: 'next' });
    await call.fence(next);
    await call.sendingFence(next);
    expect(call.heard).toEqual([
      call.started(),
      call.note('sdp', ANSWER),
      call.note('closed', { reason: 'requested' }),
      call.notRunning,
      call.started('v2', 'next'),
    ]);
    expect([call.upstream.handshakes.length, call.upstream.sockets.length, framesOf(next)]).toEqual([
      2,
      1,
      [],
    ]);
  });

  test('between two attempts to join: no other is made', async () => {
    const call = await Call.open({
      upstream: { refuse: ({ url }) => (url === SIDEBAND ? { status: '403 Forbidden' } : null) },
      editConfig: withRetries(50),
    });
    await begin(call);
    await call.upstream.until('a second attempt', () => call.upstream.handshakes[1]);
    await call.stop();
    await call.until('closed');
    const attempts = call.upstream.handshakes.filter(({ url }) => url === SIDEBAND).length;
    const next = await call.start({ realtimeSessionId: 'next' });
    await call.fence(next);
    expect(call.upstream.handshakes.filter(({ url }) => url === SIDEBAND)).toHaveLength(attempts);
    expect(call.heard).toEqual([
      call.started(),
      call.note('sdp', ANSWER),
      call.note('closed', { reason: 'requested' }),
      call.started('v2', 'next'),
    ]);
  });

  test('while a call is made: told once, and the request is given up', async () => {
    const call = await Call.open({ upstream: { answerCall: () => null } });
    await call.requestStart(WEBRTC);
    await call.upstream.until('the request', () => call.upstream.calls[0]);
    await call.stop();
    await call.until('closed');
    await call.upstream.until('the request to be given up', () =>
      call.upstream.abandoned === 1 ? true : undefined,
    );
    await call.appendText('is anybody there');
    expect(call.heard).toEqual([call.note('closed', { reason: 'requested' }), call.notRunning]);
    expect(call.upstream.handshakes).toEqual([]);
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

test('a call that can be joined late is joined', async () => {
  let handshakes = 0;
  const refuse = (): { status: string } | null => {
    handshakes += 1;
    return handshakes > 2 ? null : { status: '404 Not Found' };
  };
  const call = await Call.open({ upstream: { refuse }, editConfig: withRetries(2) });
  await begin(call);
  await call.appendText('hello');
  const socket = await call.upstream.socket();
  await call.sendingFence(socket);
  expect(framesOf(socket)).toEqual([textFrame('[USER] hello')]);
  expect(call.heard).toEqual([call.started(), call.note('sdp', ANSWER)]);
});

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
    const call = await Call.open({
      config: { top: 'experimental_realtime_webrtc_call_base_url = "http://user:word@127.0.0.1:1/v1"' },
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

describe('when the client ends its side', () => {
  test('while a call is made, the request is given up and the daemon exits', async () => {
    const call = await Call.open({ upstream: { answerCall: () => null } });
    await call.requestStart(WEBRTC);
    await call.upstream.until('the request', () => call.upstream.calls[0]);
    call.daemon.process.stdin.end();
    expect(await call.daemon.exited).toEqual({ code: 0, signal: null });
    await call.upstream.until('the request to be given up', () =>
      call.upstream.abandoned === 1 ? true : undefined,
    );
    expect(call.heard).toEqual([]);
  });

  test('between two attempts to make a call, the daemon exits', async () => {
    const call = await Call.open({
      upstream: { answerCall: () => ({ status: 503 }) },
      editConfig: withRetries(50),
    });
    await call.requestStart(WEBRTC);
    await call.upstream.until('a second attempt', () => call.upstream.calls[1]);
    call.daemon.process.stdin.end();
    expect(await call.daemon.exited).toEqual({ code: 0, signal: null });
    expect(call.heard).toEqual([]);
  });

  test('while a call is joined, the handshake is given up, what waits is answered, and the daemon exits', async () => {
    const { call } = await callInTheMiddle();
    await begin(call);
    write(call, ['text', 'appendText', { text: 'never arrives' }]);
    call.daemon.process.stdin.end();
    expect(await call.daemon.exited).toEqual({ code: 0, signal: null });
    await call.upstream.until('the handshake to be given up', () =>
      call.upstream.abandoned === 1 ? true : undefined,
    );
    expect(answered(call)).toEqual(['text']);
    expect(call.heard).toEqual([call.started(), call.note('sdp', ANSWER)]);
  });

  test('between two attempts to join a call, the daemon exits', async () => {
    const call = await Call.open({
      upstream: { refuse: () => ({ status: '403 Forbidden' }) },
      editConfig: withRetries(50),
    });
    await begin(call);
    await call.upstream.until('a second attempt', () => call.upstream.handshakes[1]);
    call.daemon.process.stdin.end();
    expect(await call.daemon.exited).toEqual({ code: 0, signal: null });
    expect(call.heard).toEqual([call.started(), call.note('sdp', ANSWER)]);
  });

  test('while a call is on, its socket is closed and the daemon exits', async () => {
    const call = await Call.open();
    const socket = await call.start(WEBRTC);
    call.daemon.process.stdin.end();
    await call.upstream.until('the socket to close', () => socket.closed ?? undefined);
    expect([await call.daemon.exited, socket.closed]).toEqual([{ code: 0, signal: null }, { code: 1005 }]);
  });
});
