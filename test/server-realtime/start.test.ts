import { describe, expect, test } from 'vitest';
import { Call } from './call.ts';

const PCM = { type: 'audio/pcm', rate: 24_000 };

const V2_SESSION = {
  type: 'realtime',
  instructions: 'test prompt',
  output_modalities: ['audio'],
  audio: {
    input: {
      format: PCM,
      noise_reduction: { type: 'near_field' },
      transcription: { model: 'gpt-4o-mini-transcribe' },
      turn_detection: {
        type: 'server_vad',
        interrupt_response: true,
        create_response: true,
        silence_duration_ms: 500,
      },
    },
    output: { format: PCM, voice: 'marin' },
  },
  tools: [
    expect.objectContaining({ type: 'function', name: 'background_agent' }),
    expect.objectContaining({ type: 'function', name: 'remain_silent' }),
  ],
  tool_choice: 'auto',
};

const V1_SESSION = {
  type: 'quicksilver',
  instructions: 'test prompt',
  audio: { input: { format: PCM }, output: { voice: 'cove' } },
};

test('a session of version 2: the handshake, the first frame, and what the client hears', async () => {
  const call = await Call.open();
  const socket = await call.start();
  expect(socket.url).toBe('/v1/realtime?model=gpt-realtime-1.5');
  expect(socket.headers).toEqual({
    host: new URL(call.upstream.url).host,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': expect.any(String),
    'x-session-id': call.threadId,
    authorization: 'Bearer test-token',
    originator: 'test',
    'user-agent': expect.stringMatching(/^test\/0\.130\.0 \(.+; .+\) .+ \(test; 1\.0\.0\) parley\/.+$/),
  });
  expect(socket.received).toEqual([{ type: 'session.update', session: V2_SESSION }]);
  expect(call.heard).toEqual([call.started()]);
});

test('a session of version 1', async () => {
  const call = await Call.open({
    config: { top: 'experimental_realtime_ws_model = "realtime-test-model"', realtime: 'version = "v1"' },
  });
  const socket = await call.start();
  expect(socket.url).toBe('/v1/realtime?intent=quicksilver&model=realtime-test-model');
  expect(socket.headers).not.toHaveProperty('openai-beta');
  expect(socket.received).toEqual([{ type: 'session.update', session: V1_SESSION }]);
  expect(call.heard).toEqual([call.started('v1')]);
});

test('a transcription session', async () => {
  const call = await Call.open({ config: { realtime: 'type = "transcription"' } });
  const socket = await call.start();
  expect(socket.url).toBe('/v1/realtime?model=gpt-realtime-1.5');
  expect(socket.received).toEqual([
    {
      type: 'session.update',
      session: {
        type: 'transcription',
        audio: { input: { format: PCM, transcription: { model: 'gpt-4o-mini-transcribe' } } },
      },
    },
  ]);
  await call.appendAudio('AAAA');
  await call.sendingFence(socket);
  expect(socket.received[1]).toEqual({ type: 'input_audio_buffer.append', audio: 'AAAA' });
});

test('a session of version 1 is conversational even if it should only transcribe', async () => {
  const call = await Call.open({ config: { realtime: 'version = "v1"\ntype = "transcription"' } });
  const socket = await call.start();
  expect(socket.received).toEqual([{ type: 'session.update', session: V1_SESSION }]);
});

test('a session that answers in writing', async () => {
  const call = await Call.open();
  const socket = await call.start({ outputModality: 'text' });
  expect(socket.received).toEqual([
    { type: 'session.update', session: { ...V2_SESSION, output_modalities: ['text'] } },
  ]);
});

test('what the request names beats the configuration', async () => {
  const call = await Call.open({
    config: {
      top: 'experimental_realtime_ws_model = "configured"',
      realtime: 'version = "v2"\nvoice = "ash"',
    },
  });
  const socket = await call.start({
    version: 'v1',
    model: 'requested',
    voice: 'breeze',
    realtimeSessionId: 'conv_1',
    sessionId: 'an old name that means nothing',
    transport: { type: 'websocket' },
  });
  expect([socket.url, socket.headers['x-session-id']]).toEqual([
    '/v1/realtime?intent=quicksilver&model=requested',
    'conv_1',
  ]);
  expect(socket.received).toEqual([
    {
      type: 'session.update',
      session: { ...V1_SESSION, audio: { ...V1_SESSION.audio, output: { voice: 'breeze' } } },
    },
  ]);
  expect(call.heard).toEqual([call.started('v1', 'conv_1')]);
});

describe('the prompt', () => {
  const noPrompt = (text: string): string => text.replace(/^.*backend_prompt.*$/m, '');

  test('of the request, empty, null, and the built-in one', async () => {
    const call = await Call.open({ editConfig: noPrompt });
    const sockets = [
      await call.start({ prompt: 'be brief' }),
      await call.start({ prompt: '' }),
      await call.start({ prompt: null }),
      await call.start(),
    ];
    const instructions = sockets.map(
      ({ received }) => (received[0]?.['session'] as { instructions: unknown }).instructions,
    );
    expect(instructions).toEqual(['be brief', '', '', expect.stringContaining('background_agent')]);
  });

  test('of the configuration beats that of the request, and the context follows', async () => {
    const call = await Call.open({
      editConfig: (text) => text.replace('startup_context = ""', 'startup_context = "some context"'),
    });
    const socket = await call.start({ prompt: 'be brief' });
    expect(socket.received).toEqual([
      { type: 'session.update', session: { ...V2_SESSION, instructions: 'test prompt\n\nsome context' } },
    ]);
  });
});

test('the own base URL of realtime is used, with the query of the provider', async () => {
  const call = await Call.open({
    editConfig: (text, upstream) =>
      text
        .replace(/^experimental_realtime_ws_base_url.*$/m, '')
        .replace(`base_url = "${upstream.url}/v1"`, `base_url = "${upstream.url}/deep/v1/?keep=%20x&flag"`)
        .replace(
          'request_max_retries',
          'query_params = { trace = "1", intent = "x" }\nhttp_headers = { x-own = "1", originator = "theirs" }\nrequest_max_retries',
        ),
  });
  const socket = await call.start();
  expect(socket.url).toBe('/deep/v1/realtime?keep=%20x&flag&model=gpt-realtime-1.5&trace=1');
  expect([socket.headers['x-own'], socket.headers['originator']]).toEqual(['1', 'theirs']);
});

test('nothing is waited for: input goes before the upstream has said a word', async () => {
  const call = await Call.open();
  const socket = await call.start();
  await call.appendAudio('AAAA');
  await call.sendingFence(socket);
  socket.send({ type: 'session.created', session: { id: 'sess_1' } });
  socket.send({ type: 'session.updated', session: { id: 'sess_1', instructions: 'x' } });
  await call.fence(socket);
  expect(call.heard).toEqual([call.started()]);
});

describe('a start that cannot be is told by one error', () => {
  test.each<[name: string, params: object, message: string]>([
    [
      'a voice of the other version',
      { voice: 'cove' },
      'realtime voice `cove` is not supported for v2; supported voices: ' +
        'alloy, ash, ballad, coral, echo, sage, shimmer, verse, marin, cedar',
    ],
    [
      'written output of version 1',
      { version: 'v1', outputModality: 'text' },
      'output modality `text` needs realtime version v2',
    ],
    [
      'a session id that no header carries',
      { realtimeSessionId: 'a\r\nInjected: b' },
      '`realtimeSessionId` has characters that a header cannot carry',
    ],
  ])('%s', async (_name, params, message) => {
    const call = await Call.open();
    await call.requestStart(params);
    await call.until('error');
    await call.start();
    expect(call.heard).toEqual([call.note('error', { message }), call.started()]);
    expect(call.upstream.handshakes).toHaveLength(1);
  });

  test('no key', async () => {
    const call = await Call.open({ editConfig: (text) => text.replace(/^.*bearer_token.*$/m, '') });
    await call.requestStart();
    await call.until('error');
    await call.daemon.request('thread/realtime/listVoices', {});
    expect(call.heard).toEqual([
      call.note('error', {
        message: 'a realtime session needs an API key: log in with one, or configure it for the provider',
      }),
    ]);
    expect(call.upstream.handshakes).toEqual([]);
  });
});

test('the voices', async () => {
  const call = await Call.open();
  expect(await call.daemon.request('thread/realtime/listVoices', {})).toEqual({
    voices: {
      v1: ['juniper', 'maple', 'spruce', 'ember', 'vale', 'breeze', 'arbor', 'sol', 'cove'],
      v2: ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'],
      defaultV1: 'cove',
      defaultV2: 'marin',
    },
  });
});
