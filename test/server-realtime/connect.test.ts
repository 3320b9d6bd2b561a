import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { audio, audioFrame, Call, textFrame } from './call.ts';
import { callBehindGate } from './gate.ts';

/** A base URL with a secret in its query, in place of the upstream's own. */
function withSecretQuery(text: string, { url }: { url: string }): string {
  return text.replace(
    `experimental_realtime_ws_base_url = "${url}"`,
    `experimental_realtime_ws_base_url = "${url}/v1?secret=in-query"`,
  );
}

/** The messages of the error notifications. */
function errors(call: Call): string[] {
  return call.heard
    .filter(({ method }) => method === 'thread/realtime/error')
    .map(({ params }) => params?.['message'] as string);
}

/** A server that answers each connection with these bytes and says nothing more. Ended with the test. */
async function answering(bytes: string): Promise<string> {
  const connections: Socket[] = [];
  const server = createServer((connection) => {
    connections.push(connection.on('error', () => {}));
    connection.once('data', () => connection.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const connection of connections) connection.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Where the daemon says it could not connect to. */
function place(call: Call): string {
  return `ws://${new URL(call.upstream.url).host}/v1/realtime`;
}

test.each<[name: string, refusal: { status: string; body?: string }, reason: string]>([
  ['nothing but a status', { status: '503 Service Unavailable' }, 'HTTP status 503'],
  ['words', { status: '403 Forbidden', body: ' no entry\n' }, 'HTTP status 403: no entry'],
  [
    'a JSON error and ids of the request',
    {
      status: '401 Unauthorized\r\nX-Request-Id: req_1\r\nCF-Ray: ray_1',
      body: JSON.stringify({ error: { message: 'bad credentials', type: 'invalid_request_error' } }),
    },
    'HTTP status 401, x-request-id req_1, cf-ray ray_1: bad credentials',
  ],
  ['other JSON', { status: '500 Oops', body: '{"detail":7}' }, 'HTTP status 500: {"detail":7}'],
  ['JSON that is null', { status: '500 Oops', body: 'null' }, 'HTTP status 500: null'],
  ['a redirect', { status: '302 Found\r\nLocation: http://127.0.0.1:1/' }, 'HTTP status 302'],
  ['a page instead of a socket', { status: '200 OK', body: 'hello' }, 'HTTP status 200: hello'],
  [
    'more words than anyone reads',
    { status: '500 Oops', body: 'x'.repeat(50_000) },
    `HTTP status 500: ${'x'.repeat(1000)}`,
  ],
])('a handshake that is refused with %s: one error, no closed', async (_name, refusal, reason) => {
  const call = await Call.open({ upstream: { refuse: () => refusal }, editConfig: withSecretQuery });
  await call.requestStart();
  await call.until('error');
  await call.appendText('is anybody there');
  expect(call.heard).toEqual([
    call.note('error', {
      message: `could not connect to the realtime service at ${place(call)}: ${reason}`,
    }),
    call.notRunning,
  ]);
  expect(call.upstream.handshakes.map(({ url }) => url)).toEqual([
    '/v1/realtime?secret=in-query&model=gpt-realtime-1.5',
  ]);
  expect(call.daemon.stderr).not.toMatch(/in-query|test-token/);
});

test('a handshake that is answered wrongly: one error, no closed', async () => {
  const url = await answering(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Accept: wrong\r\n\r\n',
  );
  const call = await Call.open({ editConfig: (text, upstream) => text.replaceAll(upstream.url, url) });
  await call.requestStart();
  await call.until('error');
  await call.appendText('is anybody there');
  expect(call.heard).toEqual([
    call.note('error', { message: expect.stringContaining(`at ${url.replace('http', 'ws')}/v1/realtime: `) }),
    call.notRunning,
  ]);
});

test.each([
  ['an address', '127.0.0.1'],
  ['a name of several addresses', 'localhost'],
])('nobody listens at %s: one error that says so, no closed', async (_name, host) => {
  const call = await Call.open({
    editConfig: (text, { url }) => text.replaceAll(url, `http://user:word@${host}:1`),
  });
  await call.requestStart();
  await call.until('error');
  await call.appendText('is anybody there');
  expect(call.heard).toEqual([
    call.note('error', {
      message: expect.stringMatching(
        new RegExp(
          `^could not connect to the realtime service at ws://${host}:1/v1/realtime: .*ECONNREFUSED`,
        ),
      ),
    }),
    call.notRunning,
  ]);
  expect(errors(call).join()).not.toContain('word');
});

test('a handshake that is never answered: one error when the time is up, no closed', async () => {
  const call = await Call.open({
    upstream: { isSilent: true },
    config: { realtime: 'connect_timeout_ms = 200' },
  });
  await call.requestStart();
  await call.until('error');
  await call.appendText('is anybody there');
  expect(call.heard).toEqual([
    call.note('error', {
      message: `could not connect to the realtime service at ${place(call)}: no answer within 200 ms`,
    }),
    call.notRunning,
  ]);
});

test('a refusal whose body never ends: one error when the time is up', async () => {
  const url = await answering('HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nhalf');
  const call = await Call.open({
    config: { realtime: 'connect_timeout_ms = 200' },
    editConfig: (text, upstream) => text.replaceAll(upstream.url, url),
  });
  await call.requestStart();
  await call.until('error');
  await call.appendText('is anybody there');
  expect(call.heard).toEqual([
    call.note('error', { message: expect.stringContaining('no answer within 200 ms') }),
    call.notRunning,
  ]);
});

test('input that came while connecting is told to be late when connecting fails', async () => {
  const call = await Call.open({
    upstream: { isSilent: true },
    config: { realtime: 'connect_timeout_ms = 200' },
  });
  await call.requestStart();
  await call.upstream.until('a handshake', () => call.upstream.handshakes[0]);
  await Promise.all([call.appendAudio('AAAA'), call.appendText('hello')]);
  expect(call.heard).toEqual([
    call.note('error', { message: expect.stringContaining('no answer within 200 ms') }),
    call.notRunning,
    call.notRunning,
  ]);
});

test('while connecting no request but input waits, and input arrives in its order', async () => {
  const { call, gate } = await callBehindGate();
  await call.requestStart();
  await gate.arrival();
  const { daemon, threadId, upstream } = call;
  for (const data of ['AAAA', 'BBBB', 'CCCC']) {
    const params = { threadId, audio: audio(data) };
    daemon.write({ id: `append ${data}`, method: 'thread/realtime/appendAudio', params });
    const text = { threadId, text: data };
    daemon.write({ id: `append text ${data}`, method: 'thread/realtime/appendText', params: text });
  }
  await daemon.request('thread/unsubscribe', { threadId });
  await daemon.startThread();
  const answered = (): unknown[] =>
    daemon.messages.filter(({ id }) => String(id).startsWith('append ')).map(({ id }) => id);
  expect([answered(), call.heard, upstream.handshakes]).toEqual([[], [], []]);
  gate.open();
  const socket = await upstream.socket();
  await call.sendingFence(socket);
  expect(socket.received.slice(0, 7)).toEqual([
    expect.objectContaining({ type: 'session.update' }),
    ...['AAAA', 'BBBB', 'CCCC'].flatMap((data) => [audioFrame(data), textFrame(`[USER] ${data}`)]),
  ]);
  expect(answered()).toEqual(
    ['AAAA', 'BBBB', 'CCCC'].flatMap((data) => [`append ${data}`, `append text ${data}`]),
  );
});
