import { expect, test } from 'vitest';
import { audioFrame, Call, textFrame } from './call.ts';
import { callBehindGate } from './gate.ts';

test('a second start replaces the session without a word about the first', async () => {
  const call = await Call.open();
  const first = await call.start({ realtimeSessionId: 'conv_old' });
  const second = await call.start({ realtimeSessionId: 'conv_new', version: 'v1' });
  await call.upstream.until('the first socket to close', () => first.closed ?? undefined);
  await call.appendAudio('AAAA');
  second.send({ type: 'conversation.output_transcript.delta', delta: 'hello' });
  await call.fence(second);
  await call.upstream.until('two frames', () => second.received[1]);
  await call.stop();
  await call.until('closed');
  expect([first.headers['x-session-id'], second.headers['x-session-id']]).toEqual(['conv_old', 'conv_new']);
  expect(first.received.map(({ type }) => type)).toEqual(['session.update']);
  expect(first.closed).toEqual({ code: 1005 });
  expect(second.received.slice(1)).toEqual([audioFrame('AAAA')]);
  expect(call.heard).toEqual([
    call.started('v2', 'conv_old'),
    call.started('v1', 'conv_new'),
    call.note('transcript/delta', { role: 'assistant', delta: 'hello' }),
    call.note('closed', { reason: 'requested' }),
  ]);
});

test('nothing is heard of the first session once the second has started', async () => {
  const call = await Call.open();
  const first = await call.start();
  const flood = { type: 'response.output_text.delta', delta: 'old' };
  const starting = call.start();
  for (let count = 0; count < 500; count += 1) first.send(flood);
  first.send({ type: 'error', message: 'old error' });
  const second = await starting;
  await call.fence(second);
  const last = call.heard.findLastIndex(({ method }) => method === 'thread/realtime/started');
  expect(call.heard.slice(last)).toEqual([call.started()]);
});

test.each<[name: string, params: object, message: RegExp]>([
  ['a voice that does not exist there', { voice: 'cove' }, /^realtime voice `cove` is not supported for v2/],
  ['a handshake that is refused', {}, /HTTP status 503$/],
])('a session survives a start that fails by %s', async (_name, params, message) => {
  let handshakes = 0;
  const refuse = (): { status: string } | null => {
    handshakes += 1;
    return handshakes > 1 ? { status: '503 Service Unavailable' } : null;
  };
  const call = await Call.open({ upstream: { refuse } });
  const socket = await call.start();
  await call.requestStart(params);
  await call.until('error');
  await call.appendAudio('AAAA');
  socket.send({ type: 'response.output_text.delta', delta: 'still here' });
  await call.fence(socket);
  await call.sendingFence(socket);
  expect(call.heard).toEqual([
    call.started(),
    call.note('error', { message: expect.stringMatching(message) }),
    call.note('transcript/delta', { role: 'assistant', delta: 'still here' }),
  ]);
  expect(socket.received[1]).toEqual(audioFrame('AAAA'));
  expect(socket.closed).toBeNull();
});

test('a session is heard until its successor is connected; input goes to the successor', async () => {
  const { call, gate } = await callBehindGate();
  gate.open();
  const first = await call.start({ realtimeSessionId: 'first' });
  gate.shut();
  await call.requestStart({ realtimeSessionId: 'second' });
  await gate.arrival(2);
  first.send({ type: 'response.output_text.delta', delta: 'still here' });
  await call.fence(first);
  const appended = call.appendText('for the second');
  await call.daemon.request('thread/loaded/list', {});
  gate.open();
  await appended;
  await call.until('started', 2);
  const second = await call.upstream.until('the text', () =>
    call.upstream.sockets.find(({ received }) => received.length > 1),
  );
  expect(second.headers['x-session-id']).toBe('second');
  expect(second.received[1]).toEqual(textFrame('[USER] for the second'));
  expect(first.received).toHaveLength(1);
  expect(call.heard).toEqual([
    call.started('v2', 'first'),
    call.note('transcript/delta', { role: 'assistant', delta: 'still here' }),
    call.started('v2', 'second'),
  ]);
});

test('a session that ends while its successor connects is told to be closed', async () => {
  const { call, gate } = await callBehindGate();
  gate.open();
  const first = await call.start({ realtimeSessionId: 'first' });
  gate.shut();
  await call.requestStart({ realtimeSessionId: 'second' });
  await gate.arrival(2);
  first.socket.close();
  await call.until('closed');
  gate.open();
  await call.until('started', 2);
  expect(call.heard).toEqual([
    call.started('v2', 'first'),
    call.note('closed', { reason: 'transport_closed' }),
    call.started('v2', 'second'),
  ]);
});

test('many starts at once leave one session', async () => {
  const call = await Call.open();
  const count = 10;
  await Promise.all(
    Array.from({ length: count }, (_, index) => call.requestStart({ realtimeSessionId: `conv_${index}` })),
  );
  await call.until('started', count);
  await call.upstream.until('all but one to close', () =>
    call.upstream.sockets.filter(({ closed }) => closed !== null).length === count - 1 ? true : undefined,
  );
  await call.appendText('hello');
  await call.stop();
  await call.until('closed');
  expect(call.heard).toEqual([
    ...Array.from({ length: count }, (_, index) => call.started('v2', `conv_${index}`)),
    call.note('closed', { reason: 'requested' }),
  ]);
});
