import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { build } from 'esbuild';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { deferred } from '../../../src/util/deferred.ts';
import { createNetwork } from '../../../src/util/network/index.ts';
import type { Environment, Network, NetworkOptions } from '../../../src/util/network/index.ts';
import { createAuthority, createServerIdentity } from './support/certificates.ts';
import { closed, listen, startEchoServer } from './support/servers.ts';

const SHORT_MS = 100;

const endings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

function network(environment: Environment, options: Partial<NetworkOptions> = {}): Network {
  const ignore = (): void => {};
  const made = createNetwork({
    environment,
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    ...options,
  });
  endings.push(() => made.close());
  return made;
}

/** A server that does with its clients what the test says. */
async function tcpServer(serve: (client: Socket) => void): Promise<{ port: number }> {
  const clients: Socket[] = [];
  const server = createServer((client) => {
    clients.push(client);
    client.on('error', () => client.destroy());
    serve(client);
  });
  const port = await listen(server);
  endings.push(() => {
    for (const client of clients) client.destroy();
    return closed(server);
  });
  return { port };
}

async function reasonOf(failing: Promise<unknown>): Promise<string> {
  const error: unknown = await failing.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('expected an Error');
  return error.cause instanceof Error && error instanceof TypeError ? error.cause.message : error.message;
}

describe('where nothing is configured', () => {
  test('requests and sockets are those of Node and of ws', async () => {
    const server = await startEchoServer();
    endings.push(() => server.close());
    const plain = network({ NO_PROXY: '*', HTTPS_PROXY: '', CODEX_CA_CERTIFICATE: '' });
    const response = await plain.fetch(`http://127.0.0.1:${server.port}/`, {
      method: 'POST',
      body: 'a body',
    });
    expect(response).toBeInstanceOf(Response);
    expect(await response.text()).toBe('echo of a body');
    expect(plain.webSocketAgent('wss://a.test')).toBe(undefined);
    expect(plain.describe()).toEqual({
      caVariable: null,
      caPath: null,
      proxyVariables: [],
      noProxyVariable: 'NO_PROXY',
    });
  });

  test('no library is loaded with the program', async () => {
    const { metafile } = await build({
      entryPoints: ['src/util/network/index.ts'],
      outdir: 'unused',
      write: false,
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      metafile: true,
    });
    const entry = Object.values(metafile.outputs).find(
      ({ entryPoint }) => entryPoint === 'src/util/network/index.ts',
    );
    const early = entry?.imports.filter(
      ({ kind, external }) => kind !== 'dynamic-import' && external !== true,
    );
    const chunks = early?.flatMap(({ path }) => Object.keys(metafile.outputs[path]?.inputs ?? {})) ?? [];
    const files = [...Object.keys(entry?.inputs ?? {}), ...chunks];
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => file.includes('node_modules'))).toEqual([]);
  });
});

test('a socket past the proxy needs no agent', () => {
  const some = network({ HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'a.test' });
  expect(some.webSocketAgent('wss://a.test')).toBe(undefined);
  expect(some.webSocketAgent('wss://b.test')).not.toBe(undefined);
});

describe('a peer that is silent', () => {
  test.each(['http', 'https', 'socks5h'])('as a proxy of kind %s is given up and let go', async (kind) => {
    const left = deferred();
    const { port } = await tcpServer((client) => client.resume().on('close', () => left.resolve()));
    const environment = { HTTPS_PROXY: `${kind}://127.0.0.1:${port}` };
    const { fetch } = network(environment, { connectTimeoutMs: SHORT_MS });
    const message = `no connection to a.test:443 within ${SHORT_MS} ms`;
    expect(await reasonOf(fetch('https://a.test/'))).toBe(message);
    await left.promise;
  });
});

test.each(['http', 'socks5h'])('a proxy of kind %s that hangs up is named', async (kind) => {
  const { port } = await tcpServer((client) => client.resume().end());
  const { fetch } = network({ HTTPS_PROXY: `${kind}://127.0.0.1:${port}` });
  const reason = await reasonOf(fetch('https://a.test/'));
  expect(reason).toContain(`the proxy 127.0.0.1:${port} of HTTPS_PROXY`);
  expect(reason).toMatch(/hang up|hung up|ECONNRESET/);
});

test('a tunnel that breaks in the middle of the handshake is an error of the socket', async () => {
  const { port } = await tcpServer((client) => {
    client.once('data', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.once('data', () => client.resetAndDestroy());
    });
  });
  const agent = network({ HTTPS_PROXY: `http://127.0.0.1:${port}` }).webSocketAgent('wss://a.test');
  const socket = new WebSocket('wss://a.test', { agent: agent! });
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error.message).toMatch(/ECONNRESET|socket disconnected/);
});

test('an open socket is told when its tunnel breaks', async () => {
  const root = await createAuthority('Test root');
  const server = await startEchoServer(await createServerIdentity(root));
  endings.push(() => server.close());
  const { port } = await tcpServer((client) => {
    client.once('data', () => {
      const onward = connect(server.port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
      client.pipe(onward).pipe(client);
      onward.on('close', () => client.destroy());
      breakTunnel.promise.then(
        () => client.resetAndDestroy(),
        () => {},
      );
    });
  });
  const breakTunnel = deferred();
  const some = network(
    { SSL_CERT_FILE: 'root.pem', HTTPS_PROXY: `http://127.0.0.1:${port}` },
    { readFile: () => Promise.resolve(Buffer.from(root.certificate)) },
  );
  const socket = new WebSocket('wss://service.test', { agent: some.webSocketAgent('wss://service.test')! });
  await once(socket, 'open');
  breakTunnel.resolve();
  const [code] = (await once(socket, 'close')) as [number];
  expect(code).toBe(1006);
});

test('a socket that is given up while it is connecting leaves no connection behind', async () => {
  const asked = deferred<Socket>();
  const { port } = await tcpServer((client) => client.once('data', () => asked.resolve(client)));
  const agent = network({ HTTP_PROXY: `http://127.0.0.1:${port}` }).webSocketAgent('ws://a.test');
  const socket = new WebSocket('ws://a.test', { agent: agent! });
  socket.on('error', () => {});
  const client = await asked.promise;
  socket.terminate();
  const left = once(client, 'close');
  client.write('HTTP/1.1 200 OK\r\n\r\n');
  client.resume();
  await left;
  expect(client.destroyed).toBe(true);
});

test('after closing there are no more requests', async () => {
  const some = network({ HTTPS_PROXY: 'http://127.0.0.1:1' });
  await some.close();
  await expect(some.fetch('https://a.test/')).rejects.toThrow('the network has been closed');
});
