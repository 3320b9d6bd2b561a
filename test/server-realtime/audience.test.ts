import { expect, test } from 'vitest';
import { audioFrame, Call, textFrame } from './call.ts';

const EVENTS = [
  { type: 'response.output_audio.delta', delta: 'AQID' },
  { type: 'response.output_text.delta', delta: 'hi' },
  { type: 'response.output_text.done', text: 'hi' },
  { type: 'conversation.item.added', item: { id: 'item_1' } },
];

/** Has the upstream make the daemon send something, which proves that everything before was handled. */
async function upstreamFence(call: Call, index = 0): Promise<void> {
  const socket = await call.upstream.socket(index);
  const callId = `call ${socket.received.length}`;
  socket.send({
    type: 'conversation.item.done',
    item: { type: 'function_call', name: 'remain_silent', call_id: callId },
  });
  await call.upstream.until('the answer of silence', () =>
    socket.received.find((frame) => JSON.stringify(frame).includes(callId)),
  );
  await call.daemon.request('thread/loaded/list', {});
}

test.each([
  ['started', ['thread/realtime/started']],
  ['outputAudio/delta', ['thread/realtime/outputAudio/delta']],
  [
    'everything',
    ['started', 'outputAudio/delta', 'transcript/delta', 'transcript/done', 'itemAdded', 'closed'].map(
      (name) => `thread/realtime/${name}`,
    ),
  ],
])('who opted out of %s does not hear of it', async (_name, optOutNotificationMethods) => {
  const call = await Call.open({ capabilities: { experimentalApi: true, optOutNotificationMethods } });
  await call.requestStart();
  const socket = await call.upstream.socket();
  socket.send(...EVENTS);
  await upstreamFence(call);
  await call.stop();
  await call.daemon.request('thread/loaded/list', {});
  const all = [
    'started',
    'outputAudio/delta',
    'transcript/delta',
    'transcript/done',
    'itemAdded',
    'closed',
  ].map((name) => `thread/realtime/${name}`);
  expect(call.heard.map(({ method }) => method)).toEqual(
    all.filter((method) => !optOutNotificationMethods.includes(method)),
  );
});

test('who unsubscribed does not hear of it, and hears again after the next realtime request', async () => {
  const call = await Call.open();
  const socket = await call.start();
  const { daemon, threadId } = call;
  expect(await daemon.request('thread/unsubscribe', { threadId })).toEqual({ status: 'unsubscribed' });
  socket.send(...EVENTS);
  await upstreamFence(call);
  expect(call.heard).toEqual([call.started()]);
  await call.appendText('hello');
  socket.send({ type: 'response.output_text.delta', delta: 'hello' });
  await call.fence(socket);
  expect(call.heard).toEqual([
    call.started(),
    call.note('transcript/delta', { role: 'assistant', delta: 'hello' }),
  ]);
});

test.each(['start', 'appendAudio', 'appendText', 'stop'])(
  'without the experimental capability %s is refused',
  async (name) => {
    const call = await Call.open({ capabilities: {} });
    const params = { outputModality: 'audio', text: '', audio: { data: '', sampleRate: 1, numChannels: 1 } };
    const answer = await call.call(name, params);
    expect(answer).toEqual({
      id: answer.id,
      error: {
        code: -32600,
        message: `thread/realtime/${name} requires experimentalApi capability`,
        data: { reason: 'experimentalApiRequired', feature: `thread/realtime/${name}` },
      },
    });
    expect(call.upstream.handshakes).toEqual([]);
  },
);

test.each(['start', 'appendAudio', 'appendText', 'stop'])(
  'where the feature is off %s is refused',
  async (name) => {
    const call = await Call.open({ config: { tables: '[features]\nrealtime_conversation = false' } });
    const params = { outputModality: 'audio', text: '', audio: { data: '', sampleRate: 1, numChannels: 1 } };
    const answer = await call.call(name, params);
    expect(answer).toEqual({
      id: answer.id,
      error: {
        code: -32600,
        message: `thread ${call.threadId} does not support realtime conversation`,
        data: { reason: 'realtimeUnsupported' },
      },
    });
    const voices = await call.daemon.call('thread/realtime/listVoices', {});
    expect(voices.error).toBeUndefined();
    expect([call.heard, call.upstream.handshakes]).toEqual([[], []]);
  },
);

test('two threads talk at once and do not mix', async () => {
  const one = await Call.open();
  const other = await one.another();
  const sockets = [
    await one.start({ realtimeSessionId: 'one' }),
    await other.start({ version: 'v1' }),
  ] as const;
  for (let index = 0; index < 50; index += 1) {
    sockets[0].send({ type: 'response.output_text.delta', delta: `one ${index}` });
    sockets[1].send({ type: 'conversation.output_transcript.delta', delta: `other ${index}` });
  }
  await Promise.all([
    one.appendAudio('ONE='),
    other.appendAudio('TWO='),
    one.appendText('one'),
    other.appendText('other'),
  ]);
  await Promise.all([one.fence(sockets[0]), other.fence(sockets[1])]);
  await one.stop();
  await one.until('closed');
  sockets[1].send({ type: 'error', message: 'upstream boom' });
  await other.until('closed');
  const deltas = (call: Call, word: string): object[] =>
    Array.from({ length: 50 }, (_, index) =>
      call.note('transcript/delta', { role: 'assistant', delta: `${word} ${index}` }),
    );
  expect(one.heard).toEqual([
    one.started('v2', 'one'),
    ...deltas(one, 'one'),
    one.note('closed', { reason: 'requested' }),
  ]);
  expect(other.heard).toEqual([
    other.started('v1'),
    ...deltas(other, 'other'),
    other.note('error', { message: 'upstream boom' }),
    other.note('closed', { reason: 'error' }),
  ]);
  expect(sockets.map(({ received }) => received.slice(1))).toEqual([
    [audioFrame('ONE='), textFrame('[USER] one')],
    [
      audioFrame('TWO='),
      {
        type: 'conversation.item.create',
        item: { type: 'message', role: 'user', content: [{ type: 'text', text: 'other' }] },
      },
    ],
  ]);
});
