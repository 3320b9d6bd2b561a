import { expect, test } from 'vitest';
import { Call, connectionOf, textFrame } from './call.ts';

const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', content: [], extra: { deep: [1, null] } };

/** An output chunk as a client hears of it. */
function output(fields: object): { audio: object } {
  return {
    audio: {
      data: 'AQID',
      sampleRate: 24_000,
      numChannels: 1,
      samplesPerChannel: null,
      itemId: null,
      ...fields,
    },
  };
}

test('a call of version 2 from start to error, each notification in its place', async () => {
  const call = await Call.open();
  const socket = await call.start({ voice: 'cedar' });
  await call.appendAudio('BQYH');
  await call.appendText('hello');
  socket.send(
    { type: 'session.updated', session: { id: 'sess_1', instructions: 'x' } },
    { type: 'response.output_audio.delta', delta: 'AQID', samples_per_channel: 512 },
    { type: 'conversation.item.added', item: MESSAGE },
    { type: 'conversation.item.input_audio_transcription.delta', delta: 'delegate now' },
    { type: 'response.output_audio_transcript.delta', delta: 'working' },
    { type: 'response.output_text.done', text: 'working on it' },
    { type: 'conversation.item.done', item: MESSAGE },
    {
      type: 'conversation.item.done',
      item: {
        id: 'item_2',
        type: 'function_call',
        name: 'background_agent',
        call_id: 'handoff_1',
        arguments: '{"prompt":"delegate now"}',
      },
    },
    { type: 'error', error: { type: 'server_error', message: 'upstream boom' } },
  );
  await call.until('closed');
  expect(call.heard).toEqual([
    call.started(),
    call.note('outputAudio/delta', output({ samplesPerChannel: 512 })),
    call.note('itemAdded', { item: MESSAGE }),
    call.note('transcript/delta', { role: 'user', delta: 'delegate now' }),
    call.note('transcript/delta', { role: 'assistant', delta: 'working' }),
    call.note('transcript/done', { role: 'assistant', text: 'working on it' }),
    call.note('itemAdded', {
      item: {
        type: 'handoff_request',
        handoff_id: 'handoff_1',
        item_id: 'item_2',
        input_transcript: 'delegate now',
        active_transcript: [
          { role: 'user', text: 'delegate now' },
          { role: 'assistant', text: 'working on it' },
        ],
      },
    }),
    call.note('error', { message: 'upstream boom' }),
    call.note('closed', { reason: 'error' }),
  ]);
  expect(socket.received).toEqual([
    expect.objectContaining({ type: 'session.update' }),
    { type: 'input_audio_buffer.append', audio: 'BQYH' },
    textFrame('[USER] hello'),
  ]);
  expect(call.upstream.sockets).toHaveLength(1);
});

test('every other event of version 2', async () => {
  const call = await Call.open();
  const socket = await call.start();
  socket.send(
    { type: 'response.created', response: { id: 'resp_1' } },
    { type: 'response.audio.delta', delta: 'AQID', item_id: 'item_1', sample_rate: 48_000, channels: 2 },
    { type: 'conversation.item.created', item: null },
    { type: 'conversation.item.added', item: 'a text' },
    { type: 'input_audio_buffer.speech_started' },
    { type: 'input_audio_buffer.speech_started', item_id: 'item_2' },
    { type: 'conversation.item.input_audio_transcription.completed', transcript: '' },
    { type: 'conversation.item.input_audio_transcription.delta', delta: '' },
    { type: 'response.output_text.delta', delta: ' hi' },
    { type: 'response.output_audio_transcript.done', transcript: 'hi there' },
    { type: 'response.cancelled', response: { id: 'resp_1' } },
    { type: 'response.cancelled' },
    { type: 'response.done', response: { id: 'resp_1', output: [MESSAGE] } },
  );
  await call.fence(socket);
  expect(call.heard).toEqual([
    call.started(),
    call.note('outputAudio/delta', output({ sampleRate: 48_000, numChannels: 2, itemId: 'item_1' })),
    call.note('itemAdded', { item: null }),
    call.note('itemAdded', { item: 'a text' }),
    call.note('itemAdded', { item: { type: 'input_audio_buffer.speech_started', item_id: null } }),
    call.note('itemAdded', { item: { type: 'input_audio_buffer.speech_started', item_id: 'item_2' } }),
    call.note('transcript/done', { role: 'user', text: '' }),
    call.note('transcript/delta', { role: 'user', delta: '' }),
    call.note('transcript/delta', { role: 'assistant', delta: ' hi' }),
    call.note('transcript/done', { role: 'assistant', text: 'hi there' }),
    call.note('itemAdded', { item: { type: 'response.cancelled', response_id: 'resp_1' } }),
    call.note('itemAdded', { item: { type: 'response.cancelled', response_id: null } }),
  ]);
});

test('a call of version 1: what it has, and nothing of version 2', async () => {
  const call = await Call.open();
  const socket = await call.start({ version: 'v1' });
  socket.send(
    { type: 'response.created', response: { id: 'resp_1' } },
    { type: 'input_audio_buffer.speech_started', item_id: 'item_1' },
    { type: 'response.output_audio.delta', delta: 'AQID' },
    { type: 'conversation.output_audio.delta', delta: 'AQID', sample_rate: 24_000 },
    { type: 'conversation.output_audio.delta', delta: 'AQID', sample_rate: 24_000, num_channels: 1 },
    { type: 'conversation.input_transcript.delta', delta: 'delegate ' },
    { type: 'conversation.input_transcript.delta', delta: 'now' },
    { type: 'conversation.output_transcript.delta', delta: 'working' },
    { type: 'conversation.item.added', item: MESSAGE },
    { type: 'conversation.item.done', item: MESSAGE },
    {
      type: 'conversation.handoff.requested',
      handoff_id: 'handoff_1',
      item_id: 'item_2',
      input_transcript: 'delegate now',
    },
  );
  await call.fence(socket);
  expect(call.heard).toEqual([
    call.started('v1'),
    call.note('outputAudio/delta', output({})),
    call.note('transcript/delta', { role: 'user', delta: 'delegate ' }),
    call.note('transcript/delta', { role: 'user', delta: 'now' }),
    call.note('transcript/delta', { role: 'assistant', delta: 'working' }),
    call.note('itemAdded', { item: MESSAGE }),
    call.note('itemAdded', {
      item: {
        type: 'handoff_request',
        handoff_id: 'handoff_1',
        item_id: 'item_2',
        input_transcript: 'delegate now',
        active_transcript: [
          { role: 'user', text: 'delegate now' },
          { role: 'assistant', text: 'working' },
        ],
      },
    }),
  ]);
});

test('a handoff tells what was said since the one before; utterances and responses stay apart', async () => {
  const call = await Call.open();
  const socket = await call.start();
  const handoff = (id: string, callArguments: string): object => ({
    type: 'conversation.item.done',
    item: { type: 'function_call', name: 'background_agent', call_id: id, arguments: callArguments },
  });
  socket.send(
    { type: 'input_audio_buffer.speech_started', item_id: 'u1' },
    { type: 'conversation.item.input_audio_transcription.delta', delta: 'one' },
    { type: 'input_audio_buffer.speech_started', item_id: 'u2' },
    { type: 'conversation.item.input_audio_transcription.completed', transcript: 'two' },
    { type: 'conversation.item.created', item: { type: 'message', content: [{ text: 'control' }] } },
    { type: 'response.created' },
    { type: 'response.output_audio_transcript.delta', delta: 'A' },
    { type: 'response.created' },
    { type: 'response.output_audio_transcript.delta', delta: 'B' },
    handoff('call_1', '{"prompt":" run ls "}'),
    handoff('call_2', '{"prompt":"run ls"}'),
    handoff('call_3', '{}'),
  );
  await call.fence(socket);
  const handoffs = call.heard
    .map(({ params }) => params?.['item'])
    .filter((item) => (item as { type?: string } | undefined)?.type === 'handoff_request');
  const request = (id: string, inputTranscript: string, transcript: object[]): object => ({
    type: 'handoff_request',
    handoff_id: id,
    item_id: id,
    input_transcript: inputTranscript,
    active_transcript: transcript,
  });
  expect(handoffs).toEqual([
    request('call_1', 'run ls', [
      { role: 'user', text: 'one' },
      { role: 'user', text: 'two' },
      { role: 'assistant', text: 'A' },
      { role: 'assistant', text: 'B' },
      { role: 'user', text: 'run ls' },
    ]),
    request('call_2', 'run ls', []),
    request('call_3', '', []),
  ]);
});

test('frames that mean nothing are passed over', async () => {
  const call = await Call.open();
  const socket = await call.start();
  const frames = [
    '',
    'no JSON',
    '{"type":"error"',
    'null',
    '7',
    '[]',
    '{}',
    '{"type":7,"message":"m"}',
    '{"type":"no.such.event","message":"m"}',
    '{"type":"error"}',
    '{"type":"response.output_audio.delta"}',
    '{"type":"conversation.item.added"}',
    `{"type":"conversation.item.added","item":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    `{"type":"error","error":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
  ];
  for (const frame of frames) socket.socket.send(frame);
  await call.fence(socket);
  expect(call.heard).toEqual([call.started()]);
});

test('a ping is answered with what it carried, and pongs are passed over', async () => {
  const call = await Call.open();
  const socket = await call.start();
  const pong = new Promise<string>((resolve) => {
    socket.socket.once('pong', (data) => resolve(data.toString()));
  });
  socket.socket.pong('unasked');
  socket.socket.ping('are you there');
  expect(await pong).toBe('are you there');
  await call.fence(socket);
  expect(call.heard).toEqual([call.started()]);
});

test('an event may come in fragments, with a ping between them', async () => {
  const call = await Call.open();
  const socket = await call.start();
  const event = JSON.stringify({ type: 'response.output_text.delta', delta: 'größer ☃ 😀' });
  const bytes = Buffer.from(event);
  for (let start = 0; start < bytes.length; start += 3) {
    const isLast = start + 3 >= bytes.length;
    socket.socket.send(bytes.subarray(start, start + 3), { binary: false, fin: isLast });
    if (start === 6) socket.socket.ping();
  }
  await call.fence(socket);
  expect(call.heard).toEqual([
    call.started(),
    call.note('transcript/delta', { role: 'assistant', delta: 'größer ☃ 😀' }),
  ]);
});

test('a frame of ten megabytes goes through', async () => {
  const call = await Call.open();
  const socket = await call.start();
  const data = 'Ab/+'.repeat((10 * 1024 * 1024) / 4);
  socket.send({ type: 'response.output_audio.delta', delta: data });
  await call.until('outputAudio/delta');
  const [, heard] = call.heard;
  expect((heard?.params?.['audio'] as { data: string }).data === data).toBe(true);
});

test('frames that come with the handshake are not lost', async () => {
  const call = await Call.open();
  const greeted = call.upstream.until('a socket', () => call.upstream.sockets[0]);
  await call.requestStart();
  const socket = await greeted;
  // The daemon may not even have read the answer to its handshake yet.
  connectionOf(socket).cork();
  for (let index = 0; index < 100; index += 1) {
    socket.send({ type: 'response.output_text.delta', delta: `${index}` });
  }
  connectionOf(socket).uncork();
  await call.until('transcript/delta', 100);
  expect(call.heard).toEqual([
    call.started(),
    ...Array.from({ length: 100 }, (_, index) =>
      call.note('transcript/delta', { role: 'assistant', delta: `${index}` }),
    ),
  ]);
});
