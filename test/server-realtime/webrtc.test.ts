import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import type { CallRequest } from '../support/realtime-upstream.ts';
import { audioFrame, Call, textFrame } from './call.ts';
import { ANSWER, OFFER, place, SIDEBAND, WEBRTC, withRetries } from './webrtc-call.ts';

const USER_AGENT: unknown = expect.stringMatching(
  /^test\/0\.130\.0 \(.+; .+\) .+ \(test; 1\.0\.0\) parley\/.+$/,
);

/** The session in the body of a request that takes multipart; the rest of the body is compared here. */
function sessionOf({ body }: CallRequest): unknown {
  const [head = '', session = ''] = body.split('Content-Type: application/json\r\n\r\n');
  expect(head).toBe(
    '--codex-realtime-call-boundary\r\n' +
      'Content-Disposition: form-data; name="sdp"\r\n' +
      'Content-Type: application/sdp\r\n' +
      '\r\n' +
      `${OFFER}\r\n` +
      '--codex-realtime-call-boundary\r\n' +
      'Content-Disposition: form-data; name="session"\r\n',
  );
  const end = '\r\n--codex-realtime-call-boundary--\r\n';
  expect(session.endsWith(end)).toBe(true);
  return JSON.parse(session.slice(0, -end.length));
}

/** The one request for a call that came. */
function madeCall({ calls }: RealtimeUpstream): CallRequest {
  const [call] = calls;
  if (call === undefined || calls.length > 1) throw new Error(`${calls.length} calls were made`);
  return call;
}

test('a call of version 2: the request, the socket that joins, and what the client hears', async () => {
  const call = await Call.open();
  const socket = await call.start(WEBRTC);
  socket.send({ type: 'response.output_text.delta', delta: 'hello' });
  await call.fence(socket);
  const made = madeCall(call.upstream);
  const { session } = socket.received[0] as unknown as { session: object };
  const common = {
    host: new URL(call.upstream.url).host,
    'x-session-id': call.threadId,
    authorization: 'Bearer test-token',
    originator: 'test',
    'user-agent': USER_AGENT,
  };
  expect([made.url, made.headers]).toEqual([
    '/v1/realtime/calls',
    expect.objectContaining({
      ...common,
      'content-type': 'multipart/form-data; boundary=codex-realtime-call-boundary',
      'content-length': `${Buffer.byteLength(made.body)}`,
    }),
  ]);
  expect(sessionOf(made)).toEqual({ ...session, model: 'gpt-realtime-1.5' });
  expect(session).toMatchObject({
    type: 'realtime',
    instructions: 'test prompt',
    output_modalities: ['audio'],
    audio: { output: { voice: 'marin' } },
    tools: [{ name: 'background_agent' }, { name: 'remain_silent' }],
  });
  expect([socket.url, socket.headers]).toEqual([
    SIDEBAND,
    {
      ...common,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': expect.any(String),
    },
  ]);
  expect(socket.received).toEqual([{ type: 'session.update', session }]);
  expect(call.heard).toEqual([
    call.started(),
    call.note('sdp', ANSWER),
    call.note('transcript/delta', { role: 'assistant', delta: 'hello' }),
  ]);
});

test('a call of version 1, with a voice, a model and an id of the request', async () => {
  const call = await Call.open({ config: { top: 'experimental_realtime_ws_model = "configured"' } });
  const socket = await call.start({
    ...WEBRTC,
    version: 'v1',
    voice: 'breeze',
    model: 'requested',
    realtimeSessionId: 'conv_1',
    prompt: null,
  });
  const pcm = { type: 'audio/pcm', rate: 24_000 };
  const session = {
    type: 'quicksilver',
    instructions: 'test prompt',
    audio: { input: { format: pcm }, output: { voice: 'breeze' } },
  };
  const made = madeCall(call.upstream);
  expect(sessionOf(made)).toEqual({ ...session, model: 'requested' });
  expect([made.headers['x-session-id'], socket.headers['x-session-id'], socket.url]).toEqual([
    'conv_1',
    'conv_1',
    '/v1/realtime?intent=quicksilver&call_id=rtc_test',
  ]);
  expect(socket.received).toEqual([{ type: 'session.update', session }]);
  expect(call.heard).toEqual([call.started('v1', 'conv_1'), call.note('sdp', ANSWER)]);
});

test('the answer of the service goes to the client as it is', async () => {
  const sdp = '\ufeffv=0\r\no=- é\u0000 not an answer\n';
  const call = await Call.open({
    upstream: {
      answerCall: () => ({ status: 200, headers: { location: 'rtc_a/rtc_test?rtc_b' }, body: sdp }),
    },
  });
  const socket = await call.start(WEBRTC);
  expect(socket.url).toBe(SIDEBAND);
  expect(call.heard).toEqual([call.started(), call.note('sdp', { sdp })]);
});

test('the answer is there before the call is joined', async () => {
  const call = await Call.open({ upstream: { isSilent: true } });
  await call.requestStart(WEBRTC);
  await call.until('sdp');
  expect(call.heard).toEqual([call.started(), call.note('sdp', ANSWER)]);
});

test('input, audio and what is heard go over the socket as on a plain one, until the client stops', async () => {
  const call = await Call.open();
  const socket = await call.start(WEBRTC);
  await call.appendAudio('BQYH');
  await call.appendText('hello');
  await call.sendingFence(socket);
  socket.send({ type: 'response.output_audio.delta', delta: 'AQID', item_id: 'a1' });
  await call.fence(socket);
  await call.stop();
  await call.until('closed');
  await call.upstream.until('the socket to close', () => socket.closed ?? undefined);
  await call.appendText('is anybody there');
  expect(socket.received.slice(1, 3)).toEqual([audioFrame('BQYH'), textFrame('[USER] hello')]);
  expect(socket.closed).toEqual({ code: 1005 });
  expect(call.heard).toEqual([
    call.started(),
    call.note('sdp', ANSWER),
    call.note('outputAudio/delta', {
      audio: { data: 'AQID', sampleRate: 24_000, numChannels: 1, samplesPerChannel: null, itemId: 'a1' },
    }),
    call.note('closed', { reason: 'requested' }),
    call.notRunning,
  ]);
});

describe('a login of ChatGPT', () => {
  const TOKENS = { id_token: '', access_token: 'access-1', account_id: 'account-1' };

  /** A thread of a daemon with such a login and no key at all. */
  async function loggedIn(base: (upstream: RealtimeUpstream) => string): Promise<Call> {
    const call = await Call.open({
      editConfig: (text, upstream) =>
        `${base(upstream)}\n${text}`
          .replace('model_provider = "test"', '')
          .replace(/\[model_providers\.test\][^]*/, ''),
    });
    const login = { auth_mode: 'chatgpt', tokens: TOKENS };
    writeFileSync(join(call.daemon.home, 'auth.json'), JSON.stringify(login));
    return call;
  }

  test('makes and joins a call with its token and its account, where a plain socket needs a key', async () => {
    const call = await loggedIn(
      ({ url }) => `experimental_realtime_webrtc_call_base_url = "${url}/backend-api/codex/"`,
    );
    const socket = await call.start(WEBRTC);
    const made = madeCall(call.upstream);
    const { session } = socket.received[0] as unknown as { session: object };
    const login = { authorization: 'Bearer access-1', 'chatgpt-account-id': 'account-1' };
    expect([made.url, socket.url]).toEqual(['/backend-api/codex/realtime/calls', SIDEBAND]);
    expect(made.headers).toMatchObject({ ...login, 'content-type': 'application/json' });
    expect(socket.headers).toMatchObject(login);
    expect(JSON.parse(made.body)).toEqual({ sdp: OFFER, session: { ...session, model: 'gpt-realtime-1.5' } });
    await call.requestStart();
    await call.until('error');
    expect(call.heard).toEqual([
      call.started(),
      call.note('sdp', ANSWER),
      call.note('error', {
        message: 'a realtime session needs an API key: log in with one, or configure it for the provider',
      }),
    ]);
    expect(call.daemon.stderr).not.toMatch(/access-1|account-1/);
  });
});

describe('the addresses', () => {
  test('of making and of joining a call are configured apart', async () => {
    const calls = await RealtimeUpstream.open();
    const call = await Call.open({
      config: { top: `experimental_realtime_webrtc_call_base_url = "${calls.url}/other"` },
    });
    const socket = await call.start(WEBRTC);
    expect([madeCall(calls).url, calls.handshakes, call.upstream.calls, socket.url]).toEqual([
      '/other/realtime/calls',
      [],
      [],
      SIDEBAND,
    ]);
  });

  test("have the provider's parameters, and both requests its headers", async () => {
    const call = await Call.open({
      config: {
        tables: 'query_params = { trace = "1", intent = "x" }\nhttp_headers = { "x-own" = "2" }',
      },
    });
    const socket = await call.start(WEBRTC);
    const made = madeCall(call.upstream);
    expect([made.url, made.headers['x-own'], socket.url, socket.headers['x-own']]).toEqual([
      '/v1/realtime/calls?trace=1&intent=x',
      '2',
      '/v1/realtime?trace=1&call_id=rtc_test',
      '2',
    ]);
  });
});

describe('a call that the client has made itself', () => {
  const EXISTING = { transport: { type: 'existingCall', callId: 'rtc_u1_Ab-9' } };

  test('is joined, and then is a session like any other', async () => {
    const call = await Call.open();
    const socket = await call.start(EXISTING);
    socket.send({ type: 'response.output_text.delta', delta: 'hello' });
    await call.fence(socket);
    expect([socket.url, socket.headers.authorization, call.upstream.calls]).toEqual([
      '/v1/realtime?call_id=rtc_u1_Ab-9',
      'Bearer test-token',
      [],
    ]);
    expect(socket.received).toEqual([{ type: 'session.update', session: expect.any(Object) }]);
    expect(call.heard).toEqual([
      call.started(),
      call.note('transcript/delta', { role: 'assistant', delta: 'hello' }),
    ]);
  });

  test('has to have the id of a call', async () => {
    const call = await Call.open();
    await call.requestStart({ transport: { type: 'existingCall', callId: 'sess_1' } });
    await call.until('error');
    expect(call.heard).toEqual([
      call.note('error', { message: '`callId` is not the id of a call: it begins with `rtc_`' }),
    ]);
    expect(call.upstream.handshakes).toEqual([]);
  });

  test('that the service does not know is told once, after it was tried again', async () => {
    const call = await Call.open({
      upstream: {
        refuse: () => ({ status: '404 Not Found', body: '{"error":{"message":"call_id_not_found"}}' }),
      },
      editConfig: withRetries(1),
    });
    await call.requestStart(EXISTING);
    await call.until('error');
    await call.appendText('is anybody there');
    expect(call.heard).toEqual([
      call.note('error', {
        message:
          'the realtime call could not be joined: could not connect to the realtime service at ' +
          `${place(call.upstream)}: HTTP status 404: call_id_not_found`,
      }),
      call.notRunning,
    ]);
    expect(call.upstream.handshakes).toHaveLength(2);
  });
});

describe('one after the other', () => {
  test('a call takes the place of a plain session, and a plain session that of a call', async () => {
    const call = await Call.open();
    const plain = await call.start({ realtimeSessionId: 'plain' });
    const joined = await call.start({ ...WEBRTC, realtimeSessionId: 'call' });
    plain.send({ type: 'error', message: 'too late' });
    await call.upstream.until('the plain socket to close', () => plain.closed ?? undefined);
    const last = await call.start({ realtimeSessionId: 'last' });
    await call.upstream.until('the socket of the call to close', () => joined.closed ?? undefined);
    await call.appendAudio('AAAA');
    await call.sendingFence(last);
    expect([plain.received.length, joined.received.length, last.received[1]]).toEqual([
      1,
      1,
      audioFrame('AAAA'),
    ]);
    expect(call.heard).toEqual([
      call.started('v2', 'plain'),
      call.started('v2', 'call'),
      call.note('sdp', ANSWER),
      call.started('v2', 'last'),
    ]);
  });

  test('a session survives a call that cannot be made', async () => {
    const call = await Call.open({ upstream: { answerCall: () => ({ status: 400, body: 'bad offer' }) } });
    const plain = await call.start();
    await call.requestStart(WEBRTC);
    await call.until('error');
    await call.sendingFence(plain);
    expect(call.heard).toEqual([
      call.started(),
      call.note('error', {
        message: 'the realtime call could not be created: HTTP status 400: bad offer',
      }),
    ]);
    expect(plain.closed).toBeNull();
  });

  test('a session is over once a call has begun in its place, even if that cannot be joined', async () => {
    const call = await Call.open({
      upstream: { refuse: ({ url }) => (url === SIDEBAND ? { status: '403 Forbidden' } : null) },
    });
    const plain = await call.start({ realtimeSessionId: 'plain' });
    await call.requestStart({ ...WEBRTC, realtimeSessionId: 'call' });
    await call.until('closed');
    await call.upstream.until('the plain socket to close', () => plain.closed ?? undefined);
    expect(call.heard).toEqual([
      call.started('v2', 'plain'),
      call.started('v2', 'call'),
      call.note('sdp', ANSWER),
      call.note('error', { message: expect.stringContaining('could not be joined') }),
      call.note('closed', { reason: 'error' }),
    ]);
  });
});

test('a client without the experimental capability is refused', async () => {
  const daemon = await TestDaemon.open({ capabilities: null });
  const threadId = await daemon.startThread();
  const answer = await daemon.call('thread/realtime/start', { threadId, outputModality: 'audio', ...WEBRTC });
  expect(answer.error).toEqual({
    code: -32600,
    message: 'thread/realtime/start requires experimentalApi capability',
    data: { reason: 'experimentalApiRequired', feature: 'thread/realtime/start' },
  });
});

test.each([
  [{ type: 'webrtc' }, 'sdp', 'missing field `sdp`'],
  [{ type: 'webrtc', sdp: 7 }, 'sdp', 'invalid type: integer `7`, expected a string'],
  [{ type: 'existingCall' }, 'callId', 'missing field `callId`'],
  [
    { type: 'carrierPigeon' },
    'type',
    'unknown variant `carrierPigeon`, expected one of `websocket`, `webrtc`, `existingCall`',
  ],
])('the transport %j does not fit', async (transport, field, reason) => {
  const call = await Call.open();
  const answer = await call.call('start', { outputModality: 'audio', transport });
  expect(answer).toEqual({
    id: answer.id,
    error: {
      code: -32600,
      message: `Invalid request: ${reason}`,
      data: { reason: 'invalidParams', path: ['transport', field] },
    },
  });
  expect([call.heard, call.upstream.calls]).toEqual([[], []]);
});
