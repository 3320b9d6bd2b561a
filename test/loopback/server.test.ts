import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { tone } from './support/audio.ts';
import { EventClient } from './support/event-client.ts';
import { openV2, startUpstream } from './support/upstream.ts';

/** What a refused upgrade is answered with. */
async function refusedUpgrade(url: string, headers: Record<string, string> = {}): Promise<[number, unknown]> {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers });
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    AsyncIterable<Buffer> & { statusCode: number },
  ];
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return [response.statusCode, JSON.parse(Buffer.concat(pieces).toString('utf8'))];
}

function problem(message: string, code: string | null = null): object {
  return { error: { message, type: 'invalid_request_error', param: null, code } };
}

const NOT_SERVED = problem('The loopback server does not serve this address.');
const FROM_A_PAGE = problem('Requests of web pages, which carry an Origin header, are not served.');

test('tells its address', async () => {
  const { loopback, log } = await startUpstream();
  expect(loopback.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  expect(log).toEqual([{ name: 'listening', url: loopback.url }]);
});

test('lists itself as the only model', async () => {
  const { loopback } = await startUpstream();
  const response = await fetch(`${loopback.url}/models?client_version=1`);
  expect(await response.json()).toEqual({
    object: 'list',
    data: [{ id: 'loopback', object: 'model', created: 0, owned_by: 'parley' }],
    models: [
      {
        slug: 'loopback',
        display_name: 'Loopback',
        description: 'Repeats what it was asked. For development without a key.',
        context_window: 272_000,
        supports_parallel_tool_calls: false,
        supports_reasoning_summaries: false,
        default_reasoning_level: 'medium',
        supported_reasoning_levels: [{ effort: 'medium', description: 'Thinks not at all' }],
      },
    ],
  });
});

test.each([
  ['GET', '/responses'],
  ['POST', '/models'],
  ['GET', '/realtime/calls'],
  ['GET', '/realtime'],
  ['GET', '/'],
])('does not serve %s %s', async (method, path) => {
  const { loopback } = await startUpstream();
  const response = await fetch(`${loopback.url}${path}`, { method });
  expect([response.status, await response.json()]).toEqual([404, NOT_SERVED]);
});

test('does not upgrade elsewhere', async () => {
  const { loopback } = await startUpstream();
  expect(await refusedUpgrade(`${loopback.url}/models`)).toEqual([404, NOT_SERVED]);
  expect(await refusedUpgrade(`${loopback.url}/realtime?call_id=rtc_1`)).toEqual([
    404,
    problem('There is no call with this id.', 'call_id_not_found'),
  ]);
});

test('serves no web pages', async () => {
  const { loopback } = await startUpstream();
  const headers = { origin: 'http://127.0.0.1' };
  const response = await fetch(`${loopback.url}/models`, { headers });
  expect([response.status, await response.json()]).toEqual([403, FROM_A_PAGE]);
  expect(await refusedUpgrade(`${loopback.url}/realtime`, headers)).toEqual([403, FROM_A_PAGE]);
  expect(await refusedUpgrade(`${loopback.url}/responses`, headers)).toEqual([403, FROM_A_PAGE]);
});

test('takes any key, and none', async () => {
  const upstream = await startUpstream();
  const { url } = upstream.loopback;
  const client = await EventClient.connect(url, '/realtime', { authorization: 'Bearer secret-key' });
  expect(JSON.stringify(await client.until('session.created'))).not.toContain('secret-key');
  await EventClient.connect(url, '/realtime');
  expect(JSON.stringify(upstream.log)).not.toContain('secret-key');
});

test('forgets a session whose client vanishes in mid-speech', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  client.append(tone(400));
  client.send({ type: 'response.create' });
  await client.settled();
  expect(upstream.clock.timerCount).toBe(3);
  client.socket.terminate();
  await expect.poll(() => upstream.clock.timerCount, { timeout: 10_000 }).toBe(0);
  expect(upstream.log.at(-1)).toEqual({ name: 'realtime_closed', session: 'sess_1', code: 1006 });
});

test('survives clients that break the protocol', async () => {
  const upstream = await startUpstream();
  const { port, host } = new URL(upstream.loopback.url);
  const raw = connect(Number(port), '127.0.0.1');
  raw.on('error', () => {}).resume();
  raw.write('NONSENSE\r\n\r\n');
  await once(raw, 'close');
  const upgrade = connect(Number(port), '127.0.0.1');
  upgrade.on('error', () => {}).resume();
  const lines = [
    'GET /v1/realtime HTTP/1.1',
    `host: ${host}`,
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
  ];
  upgrade.write(`${lines.join('\r\n')}\r\n\r\n`);
  upgrade.write(Buffer.of(0xff, 0xff, 0xff, 0xff));
  await once(upgrade, 'close');
  const client = await openV2(upstream);
  client.send({ type: 'input_audio_buffer.clear' });
  expect(await client.settled()).toEqual([{ type: 'input_audio_buffer.cleared' }]);
});

test('refuses text that is no UTF-8 and goes on serving others', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  client.socket.send(Buffer.of(0xc3, 0x28), { binary: false });
  expect(await client.closed).toMatchObject({ code: 1007 });
  await openV2(upstream);
});

test('closes every session, once', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  const other = await EventClient.connect(upstream.loopback.url, '/responses');
  const streamed = await fetch(`${upstream.loopback.url}/responses`, {
    method: 'POST',
    body: JSON.stringify({ model: 'any', stream: true, input: 'slow 10: hello' }),
  });
  await Promise.all([upstream.loopback.close(), upstream.loopback.close(), upstream.loopback.closed]);
  const goneAway = { code: 1001, reason: 'The loopback server is shutting down.' };
  expect(await client.closed).toEqual(goneAway);
  expect(await other.closed).toEqual(goneAway);
  await expect(streamed.text()).rejects.toThrow('terminated');
  await upstream.loopback.close();
  await expect.poll(() => upstream.clock.timerCount, { timeout: 10_000 }).toBe(0);
});

test('drops a client that does not answer the close', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  client.socket.pause();
  const closing = upstream.loopback.close();
  upstream.clock.advance(1_000);
  await closing;
  client.socket.resume();
  expect(await client.closed).toMatchObject({ code: 1001 });
});

test('says when its port is taken', async () => {
  const { loopback } = await startUpstream();
  const port = Number(new URL(loopback.url).port);
  await expect(startUpstream({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('leaves no half-open connection behind when it refuses an upgrade', async () => {
  const { loopback } = await startUpstream();
  const { port, host } = new URL(loopback.url);
  const socket: Socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  socket.write(
    `GET /v1/models HTTP/1.1\r\nhost: ${host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`,
  );
  socket.resume();
  await once(socket, 'end');
  await loopback.close();
  expect(socket.readableEnded).toBe(true);
  socket.destroy();
});
