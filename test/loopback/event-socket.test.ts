import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { EventSocket } from '../../src/loopback/http/event-socket.ts';
import type { LoopbackEvent } from '../../src/loopback/index.ts';
import { countedIds } from './support/counted-ids.ts';
import { ManualClock } from './support/manual-clock.ts';

const LIMITS = { fullBytes: 1024 * 1024, freeBytes: 256 * 1024, stallMs: 30_000 };
const BIG_EVENT = { type: 'big', data: 'x'.repeat(512 * 1024) };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Both ends of a connection, the one of the server as an event socket. */
async function pair(): Promise<{
  client: WebSocket;
  serverEnd: WebSocket;
  socket: EventSocket;
  clock: ManualClock;
  log: LoopbackEvent[];
  texts: string[];
  closeCode: Promise<number>;
}> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = once(sockets, 'connection') as Promise<[WebSocket]>;
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const [serverEnd] = await connection;
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open');
  const clock = new ManualClock();
  const log: LoopbackEvent[] = [];
  const texts: string[] = [];
  const socket = new EventSocket(
    serverEnd,
    { clock, newId: countedIds(), onEvent: (event) => log.push(event) },
    LIMITS,
  );
  const closeCode = new Promise<number>((resolve) => {
    socket.listen({
      onText: (text) => texts.push(text),
      onBinary: () => texts.push('binary'),
      onClose: resolve,
    });
  });
  closers.push(() => {
    client.terminate();
    serverEnd.terminate();
    server.close();
  });
  return { client, serverEnd, socket, clock, log, texts, closeCode };
}

/** Sends to a client that does not read until the socket is congested. */
function fill(socket: EventSocket): number {
  let count = 0;
  while (!socket.isCongested) {
    socket.send(BIG_EVENT);
    count += 1;
    if (count > 1_000) throw new Error('the socket never became congested');
  }
  return count;
}

test('tells when it is congested and when it is free again, and loses nothing', async () => {
  const { client, socket, clock } = await pair();
  client.pause();
  const sent = fill(socket);
  const free = new Promise<void>((resolve) => socket.onceFree(resolve));
  let received = 0;
  const all = new Promise<void>((resolve) => {
    client.on('message', () => {
      received += 1;
      if (received === sent) resolve();
    });
  });
  client.resume();
  await free;
  expect([socket.isCongested, clock.timerCount]).toEqual([false, 0]);
  await all;
});

test('does not read while it is congested', async () => {
  const { client, serverEnd, socket, texts } = await pair();
  client.pause();
  fill(socket);
  client.send('later');
  const free = new Promise<void>((resolve) => socket.onceFree(resolve));
  expect([serverEnd.isPaused, texts]).toEqual([true, []]);
  client.resume();
  await free;
  expect(serverEnd.isPaused).toBe(false);
  await expect.poll(() => texts, { timeout: 10_000 }).toEqual(['later']);
});

test('closes with 1013 when its client does not read for too long', async () => {
  const { client, socket, clock, log, closeCode } = await pair();
  client.pause();
  fill(socket);
  clock.advance(30_000);
  expect([socket.isOpen, log.map(({ name }) => name)]).toEqual([false, ['socket_stalled']]);
  clock.advance(1_000);
  expect(await closeCode).toBe(1006);
  expect(clock.timerCount).toBe(0);
});

test('lets a client that begins to read see the code', async () => {
  const { client, socket, clock } = await pair();
  client.pause();
  fill(socket);
  clock.advance(30_000);
  const closed = once(client, 'close') as Promise<[number, Buffer]>;
  client.resume();
  const [code, reason] = await closed;
  expect([code, reason.toString('utf8')]).toEqual([1013, 'The client does not read what it is sent.']);
});

test('does nothing after it was closed', async () => {
  const { client, socket } = await pair();
  socket.close(1000, 'done');
  socket.close(1000, 'done again');
  socket.send({ type: 'late' });
  const messages: unknown[] = [];
  client.on('message', (data) => messages.push(data));
  await once(client, 'close');
  expect(messages).toEqual([]);
});
