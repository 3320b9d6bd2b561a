import { expect, test } from 'vitest';
import type { UpstreamSocket } from '../support/realtime-upstream.ts';
import { audio, Call } from './call.ts';
import { callBehindGate } from './gate.ts';

/** The upstream side of a session, which may not be the first that the upstream saw. */
function sessionSocket({ upstream }: Call, realtimeSessionId: string): Promise<UpstreamSocket> {
  return upstream.until(`the session ${realtimeSessionId}`, () =>
    upstream.sockets.find(
      ({ headers, received }) => headers['x-session-id'] === realtimeSessionId && received.length > 0,
    ),
  );
}

test('stopping closes the socket and is told once', async () => {
  const call = await Call.open();
  const socket = await call.start();
  await call.appendAudio('AAAA');
  await call.stop();
  await call.until('closed');
  expect(await call.upstream.until('the socket to close', () => socket.closed ?? undefined)).toEqual({
    code: 1005,
  });
  await call.appendText('is anybody there');
  expect(call.heard).toEqual([call.started(), call.note('closed', { reason: 'requested' }), call.notRunning]);
  expect(socket.received).toHaveLength(2);
});

test('each answer comes before what it leads to', async () => {
  const call = await Call.open();
  const { daemon, threadId } = call;
  const write = (name: string, params: object = {}): void =>
    daemon.write({ id: name, method: `thread/realtime/${name}`, params: { threadId, ...params } });
  write('start', { outputModality: 'audio', voice: 'cove' });
  await call.until('error');
  write('start', { outputModality: 'audio' });
  await call.until('started');
  write('stop');
  await call.until('closed');
  write('appendText', { text: 'hello' });
  await daemon.waitForNotification('error');
  const order = daemon.messages
    .filter(
      ({ id, method }) => typeof id === 'string' || method === 'error' || method?.includes('/realtime/'),
    )
    .map(({ id, method }) => id ?? method);
  expect(order).toEqual([
    'start',
    'thread/realtime/error',
    'start',
    'thread/realtime/started',
    'stop',
    'thread/realtime/closed',
    'appendText',
    'error',
  ]);
});

test('nothing is heard of what the upstream goes on to say', async () => {
  const call = await Call.open();
  const socket = await call.start();
  const stopped = call.stop();
  for (let count = 0; count < 1000; count += 1) socket.send({ type: 'conversation.item.added', item: {} });
  socket.send({ type: 'error', message: 'upstream boom' });
  await stopped;
  await call.upstream.until('the socket to close', () => socket.closed ?? undefined);
  await call.daemon.request('thread/realtime/listVoices', {});
  const end = call.heard.findIndex(({ method }) => method === 'thread/realtime/closed');
  expect(call.heard.slice(end)).toEqual([call.note('closed', { reason: 'requested' })]);
});

test('stopping what does not run is told as well, each time', async () => {
  const call = await Call.open();
  await call.stop();
  await call.stop();
  await call.until('closed', 2);
  expect(call.heard).toEqual([
    call.note('closed', { reason: 'requested' }),
    call.note('closed', { reason: 'requested' }),
  ]);
});

test('stopping twice is told twice', async () => {
  const call = await Call.open();
  await call.start();
  await Promise.all([call.stop(), call.stop()]);
  await call.until('closed', 2);
  expect(call.heard).toEqual([
    call.started(),
    call.note('closed', { reason: 'requested' }),
    call.note('closed', { reason: 'requested' }),
  ]);
});

test('stopping while connecting is told once, and nothing follows', async () => {
  const { call, gate } = await callBehindGate();
  await call.requestStart();
  await gate.arrival();
  await call.stop();
  await call.until('closed');
  gate.open();
  await call.appendText('is anybody there');
  await call.requestStart({ realtimeSessionId: 'next' });
  await call.until('started');
  const socket = await sessionSocket(call, 'next');
  await call.fence(socket);
  expect(call.heard).toEqual([
    call.note('closed', { reason: 'requested' }),
    call.notRunning,
    call.started('v2', 'next'),
  ]);
});

test('stopping cancels every start that was asked for, but none that comes after', async () => {
  const { call, gate } = await callBehindGate();
  const { daemon, threadId } = call;
  const start = (realtimeSessionId: string): void =>
    daemon.write({
      id: realtimeSessionId,
      method: 'thread/realtime/start',
      params: { threadId, outputModality: 'audio', realtimeSessionId },
    });
  start('first');
  start('second');
  daemon.write({
    id: 'append',
    method: 'thread/realtime/appendAudio',
    params: { threadId, audio: audio('AAAA') },
  });
  daemon.write({ id: 'stop', method: 'thread/realtime/stop', params: { threadId } });
  start('third');
  await call.until('closed');
  gate.open();
  await call.until('started');
  const socket = await sessionSocket(call, 'third');
  await call.sendingFence(socket);
  expect(socket.received.map(({ type }) => type)).toEqual(['session.update', 'conversation.item.create']);
  expect(call.heard).toEqual([call.note('closed', { reason: 'requested' }), call.started('v2', 'third')]);
});

test('when the client ends its side, the sockets are closed and the daemon exits', async () => {
  const call = await Call.open();
  const other = await call.another();
  const sockets = [await call.start(), await other.start()];
  await call.appendAudio('AAAA');
  call.daemon.process.stdin.end();
  const { upstream } = call;
  const closed = await Promise.all(
    sockets.map((socket) => upstream.until('the socket to close', () => socket.closed ?? undefined)),
  );
  expect(closed).toEqual([{ code: 1005 }, { code: 1005 }]);
  expect(await call.daemon.exited).toEqual({ code: 0, signal: null });
  expect(sockets[0]?.received).toHaveLength(2);
  expect([call.heard, other.heard]).toEqual([[call.started()], [other.started()]]);
});

test('input that is still under way when the client ends its side is handed over', async () => {
  const call = await Call.open();
  const socket = await call.start();
  const { daemon, threadId, upstream } = call;
  for (let id = 0; id < 500; id += 1) {
    const params = { threadId, audio: audio(`${id}`) };
    daemon.write({ id: `frame ${id}`, method: 'thread/realtime/appendAudio', params });
  }
  daemon.process.stdin.end();
  await upstream.until('the socket to close', () => socket.closed ?? undefined);
  expect(socket.received.slice(1).map((frame) => frame['audio'])).toEqual(
    Array.from({ length: 500 }, (_, id) => `${id}`),
  );
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s closes the sockets as well', async (signal) => {
  const call = await Call.open();
  const socket = await call.start();
  call.daemon.process.kill(signal);
  await call.upstream.until('the socket to close', () => socket.closed ?? undefined);
  expect(await call.daemon.exited).toEqual({ code: 0, signal: null });
});
