import { describe, expect, test } from 'vitest';
import { dial } from '../../src/realtime/socket.ts';
import type { RealtimeSocket } from '../../src/realtime/index.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import type { UpstreamOptions, UpstreamSocket } from '../support/realtime-upstream.ts';

async function open(options: UpstreamOptions = {}) {
  const upstream = await RealtimeUpstream.open(options);
  const abort = new AbortController();
  const dialed = dial({
    url: `${upstream.url.replace('http', 'ws')}/v1/realtime?secret=1`,
    headers: { 'x-own': '1' },
    connectTimeoutMs: 10_000,
    signal: abort.signal,
  });
  return { upstream, abort, dialed };
}

/** A connected socket, with the upstream's side of it. */
async function connected(): Promise<{
  upstream: RealtimeUpstream;
  socket: RealtimeSocket;
  peer: UpstreamSocket;
}> {
  const { upstream, dialed } = await open();
  const socket = await dialed;
  return { upstream, socket, peer: await upstream.until('a socket', () => upstream.sockets[0]) };
}

/** What a listener hears, up to and including the end. */
function record(socket: RealtimeSocket): { heard: unknown[]; ended: Promise<void> } {
  const heard: unknown[] = [];
  const ended = new Promise<void>((resolve) => {
    socket.listen({
      onText: (frame) => heard.push(frame),
      onEnd: (end) => {
        heard.push(end);
        resolve();
      },
    });
  });
  return { heard, ended };
}

describe('dialling', () => {
  test('sends the headers, and offers no compression', async () => {
    const { upstream } = await connected();
    const headers = upstream.handshakes[0]?.headers;
    expect(headers?.['x-own']).toBe('1');
    expect(headers).not.toHaveProperty('sec-websocket-extensions');
  });

  test('is cancelled while it waits for an answer', async () => {
    const { upstream, abort, dialed } = await open({ isSilent: true });
    await upstream.until('a handshake', () => upstream.handshakes[0]);
    abort.abort();
    await expect(dialed).rejects.toThrow(
      `could not connect to the realtime service at ${upstream.url.replace('http', 'ws')}/v1/realtime: ` +
        'the connection attempt was cancelled',
    );
  });

  test('is cancelled before it has begun', async () => {
    const url = 'ws://127.0.0.1:1/v1/realtime';
    const signal = AbortSignal.abort();
    await expect(dial({ url, headers: {}, connectTimeoutMs: 10_000, signal })).rejects.toThrow('cancelled');
  });

  test('does not mind what the signal does later', async () => {
    const { upstream, abort, dialed } = await open();
    const socket = await dialed;
    abort.abort();
    socket.send('{"type":"still.here"}');
    const peer = await upstream.socket();
    expect(peer.received).toEqual([{ type: 'still.here' }]);
  });
});

test('what came before anyone listened is kept, the end included', async () => {
  const { socket, peer } = await connected();
  peer.socket.send('one');
  peer.socket.send('two');
  peer.socket.close(4000);
  const { heard, ended } = record(socket);
  await ended;
  expect(heard).toEqual(['one', 'two', { kind: 'closed', code: 4000 }]);
  expect(socket.hasEnded).toBe(true);
});

test('a listener that comes after the end hears of it', async () => {
  const { socket, peer } = await connected();
  const first = record(socket);
  peer.socket.close(1000);
  await first.ended;
  const second = record(socket);
  await second.ended;
  expect(second.heard).toEqual([{ kind: 'closed', code: 1000 }]);
});

test('after closing nothing is heard and nothing is sent; closing twice is fine', async () => {
  const { upstream, socket, peer } = await connected();
  const { heard } = record(socket);
  socket.send('{"type":"before"}');
  socket.close();
  socket.close();
  peer.socket.send('too late');
  socket.send('{"type":"after"}');
  socket.pause();
  socket.resume();
  await socket.writable();
  await upstream.until('the close', () => peer.closed ?? undefined);
  expect([socket.hasEnded, socket.isFull, heard]).toEqual([true, false, []]);
  expect([peer.received, peer.closed]).toEqual([[{ type: 'before' }], { code: 1005 }]);
});

test('a sender that is asked to wait goes on when the peer reads, and when the socket is closed', async () => {
  const frame = JSON.stringify({ type: 'x', data: 'A'.repeat(64 * 1024) });
  const { socket, peer } = await connected();
  peer.socket.pause();
  const fill = (): void => {
    for (let sent = 0; sent < 1000 && !socket.isFull; sent += 1) socket.send(frame);
    expect(socket.isFull).toBe(true);
  };
  fill();
  const writable = socket.writable();
  peer.socket.resume();
  await writable;
  expect(socket.isFull).toBe(false);

  peer.socket.pause();
  fill();
  const released = socket.writable();
  socket.close();
  await released;
});
