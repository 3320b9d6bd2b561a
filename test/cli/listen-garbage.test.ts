import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listeningDaemon, SocketClient } from '../support/socket-client.ts';

const HANDSHAKE = [
  'GET / HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '\r\n',
].join('\r\n');

/** Sends bytes on a connection of its own, ends it, and resolves when the daemon has ended its side too. */
async function sendRaw(url: string, bytes: readonly Uint8Array[], how: 'end' | 'destroy'): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {}).resume();
  await new Promise((resolve) => socket.once('connect', resolve));
  for (const part of bytes) socket.write(part);
  if (how === 'end') socket.end();
  else socket.destroySoon();
  await closed;
}

/** A frame whose parts need not go together. */
const frame = fc
  .record({
    first: fc.integer({ min: 0, max: 255 }),
    isMasked: fc.boolean(),
    length: fc.oneof(fc.integer({ min: 0, max: 127 }), fc.constant(null)),
    payload: fc.uint8Array({ maxLength: 125 }),
  })
  .map(({ first, isMasked, length, payload }) => {
    const second = (isMasked ? 0x80 : 0) | (length ?? payload.length);
    return Buffer.concat([Buffer.from([first, second, ...(isMasked ? [0, 0, 0, 0] : [])]), payload]);
  });

const close = fc.constantFrom('end' as const, 'destroy' as const);

test('whatever comes by the connection, the daemon goes on, and so do its other clients', async () => {
  const { daemon, url } = await listeningDaemon();
  const client = await SocketClient.open(url);
  const junk = fc.uint8Array({ maxLength: 300 });
  const http = fc.string({ maxLength: 60 }).map((text) => Buffer.from(`GET ${text} HTTP/1.1\r\n\r\n`));
  await fc.assert(
    fc.asyncProperty(fc.oneof(junk, http), close, (bytes, how) => sendRaw(url, [bytes], how)),
    { numRuns: 60 },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 6 }), close, (frames, how) =>
      sendRaw(url, [Buffer.from(HANDSHAKE), ...frames], how),
    ),
    { numRuns: 100 },
  );
  expect(await client.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
  expect(daemon.process.exitCode).toBeNull();
  await SocketClient.open(url);
});
