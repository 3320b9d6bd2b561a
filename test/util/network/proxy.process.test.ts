import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAuthority, createServerIdentity } from './support/certificates.ts';
import type { Identity } from './support/certificates.ts';
import { startHttpProxy, startSocksProxy } from './support/proxies.ts';
import type { TestProxy } from './support/proxies.ts';
import { buildProgram } from './support/run-program.ts';
import type { Program } from './support/run-program.ts';
import { startEchoServer } from './support/servers.ts';
import type { EchoServer } from './support/servers.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-proxy-'));
const trust = { CODEX_CA_CERTIFICATE: join(folder, 'root.pem') };
const SAID = { said: '200 echo of a body' };
const ECHOED = { said: 'echo of a frame' };

let program: Program;
let identity: Identity;
let secure: EchoServer;
let plain: EchoServer;
let proxy: TestProxy;
let others: TestProxy[];

beforeAll(async () => {
  const root = await createAuthority('Test root');
  writeFileSync(trust.CODEX_CA_CERTIFICATE, root.certificate);
  identity = await createServerIdentity(root);
  secure = await startEchoServer(identity);
  plain = await startEchoServer();
  program = await buildProgram();
});

beforeEach(async () => {
  proxy = await startHttpProxy();
  others = [];
});

afterEach(async () => {
  await Promise.all([proxy, ...others].map((server) => server.close()));
});

afterAll(async () => {
  program.remove();
  await Promise.all([secure.close(), plain.close()]);
  rmSync(folder, { recursive: true });
});

async function other(starting: Promise<TestProxy>): Promise<TestProxy> {
  const started = await starting;
  others.push(started);
  return started;
}

/** Addresses whose host only a proxy can resolve. */
function addresses(host = 'service.test'): Record<'https' | 'wss' | 'http' | 'ws', string> {
  return {
    https: `https://${host}:${secure.port}/path`,
    wss: `wss://${host}:${secure.port}/path`,
    http: `http://${host}:${plain.port}/path`,
    ws: `ws://${host}:${plain.port}/path`,
  };
}

test('an HTTP proxy tunnels TLS and sockets, and passes plain requests on', async () => {
  const { https, wss, http, ws } = addresses();
  const address = `http://127.0.0.1:${proxy.port}`;
  const report = await program.run({ ...trust, ALL_PROXY: address }, https, wss, http, ws);
  expect(report).toMatchObject({
    visits: [SAID, ECHOED, SAID, ECHOED],
    description: { proxyVariables: ['ALL_PROXY'], noProxyVariable: null },
  });
  expect(proxy.asked).toEqual([
    `CONNECT service.test:${secure.port}`,
    `CONNECT service.test:${secure.port}`,
    `POST http://service.test:${plain.port}/path`,
    `CONNECT service.test:${plain.port}`,
  ]);
});

test('the certificate is checked behind a proxy as well', async () => {
  const { https, wss } = addresses();
  const report = await program.run({ HTTPS_PROXY: `127.0.0.1:${proxy.port}` }, https, wss);
  const error = expect.stringMatching(
    /^unable to (?:verify the first|get local issuer) certificate/,
  ) as string;
  expect(report.visits).toEqual([{ error }, { error }]);
});

test('NO_PROXY leads past the proxy', async () => {
  const { https, wss, http, ws } = addresses('localhost');
  const report = await program.run(
    {
      ...trust,
      ALL_PROXY: `http://127.0.0.1:${proxy.port}`,
      NO_PROXY: `example.com, localhost:${secure.port}`,
    },
    https,
    wss,
    http,
    ws,
  );
  expect(report).toMatchObject({
    visits: [SAID, ECHOED, SAID, ECHOED],
    description: { proxyVariables: ['ALL_PROXY'], noProxyVariable: 'NO_PROXY' },
  });
  expect(proxy.asked).toEqual([
    `POST http://localhost:${plain.port}/path`,
    `CONNECT localhost:${plain.port}`,
  ]);
});

test('a proxy for plain HTTP serves secure sockets but not secure requests', async () => {
  const { https, wss } = addresses('localhost');
  const report = await program.run({ ...trust, http_proxy: `http://127.0.0.1:${proxy.port}` }, https, wss);
  expect(report.visits).toEqual([SAID, ECHOED]);
  expect(proxy.asked).toEqual([`CONNECT localhost:${secure.port}`]);
});

test('credentials are sent to an HTTP proxy', async () => {
  const authorization = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
  const { port, asked } = await other(startHttpProxy({ authorization }));
  const { https, wss, http } = addresses();
  const report = await program.run(
    { ...trust, ALL_PROXY: `http://user:p%40ss@127.0.0.1:${port}` },
    https,
    wss,
    http,
  );
  expect(report.visits).toEqual([SAID, ECHOED, SAID]);
  expect(asked).toHaveLength(3);
});

test('a proxy that refuses is named, without its password', async () => {
  const { port } = await other(startHttpProxy({ authorization: 'Basic other' }));
  const { https, wss, http } = addresses();
  const report = await program.run(
    { ...trust, ALL_PROXY: `http://user:secret@127.0.0.1:${port}` },
    https,
    wss,
    http,
  );
  const error =
    `the proxy 127.0.0.1:${port} of ALL_PROXY refused a tunnel to service.test:${secure.port} ` +
    'with HTTP status 407';
  expect(report.visits).toEqual([
    { error },
    { error },
    { error: 'InvalidArgumentError: Proxy Authentication Required (407)' },
  ]);
});

test('a proxy that is not there is named', async () => {
  const { https, wss } = addresses();
  const gone = await startHttpProxy();
  await gone.close();
  const report = await program.run({ ...trust, https_proxy: `http://127.0.0.1:${gone.port}` }, https, wss);
  const error =
    `the proxy 127.0.0.1:${gone.port} of https_proxy cannot be reached: ` +
    `connect ECONNREFUSED 127.0.0.1:${gone.port}`;
  expect(report.visits).toEqual([{ error }, { error }]);
});

test('a proxy can be spoken to over TLS', async () => {
  const { port, asked } = await other(startHttpProxy({ identity }));
  const { https, wss, http } = addresses();
  const report = await program.run({ ...trust, ALL_PROXY: `https://localhost:${port}` }, https, wss, http);
  expect(report.visits).toEqual([SAID, ECHOED, SAID]);
  expect(asked).toEqual([
    `CONNECT service.test:${secure.port}`,
    `CONNECT service.test:${secure.port}`,
    `CONNECT service.test:${plain.port}`,
  ]);
});

test('a value that names no usable proxy stops what would go through it', async () => {
  const { https, wss, http } = addresses('localhost');
  const report = await program.run(
    { ...trust, HTTPS_PROXY: 'ftp://user:secret@127.0.0.1' },
    https,
    wss,
    http,
  );
  const error =
    'NetworkConfigurationError: the value of HTTPS_PROXY is not the address of a usable proxy. Set it to ' +
    'http://HOST:PORT, https://HOST:PORT, socks5://HOST:PORT or socks5h://HOST:PORT, or unset it.';
  expect(report.visits).toEqual([{ error }, { error }, SAID]);
});

describe('SOCKS', () => {
  test('socks5h leaves the names to the proxy', async () => {
    const { port, asked } = await other(startSocksProxy());
    const { https, wss, http, ws } = addresses();
    const report = await program.run(
      { ...trust, ALL_PROXY: `socks5h://127.0.0.1:${port}` },
      https,
      wss,
      http,
      ws,
    );
    expect(report.visits).toEqual([SAID, ECHOED, SAID, ECHOED]);
    expect(asked).toEqual([
      `name service.test:${secure.port}`,
      `name service.test:${secure.port}`,
      `name service.test:${plain.port}`,
      `name service.test:${plain.port}`,
    ]);
  });

  test('socks5 looks names up first, and user name and password are sent', async () => {
    const { port, asked } = await other(startSocksProxy('user:p@ss'));
    const { https, ws } = addresses('127.0.0.1');
    const report = await program.run(
      { ...trust, ALL_PROXY: `socks5://user:p%40ss@127.0.0.1:${port}` },
      https,
      ws,
    );
    expect(report.visits).toEqual([SAID, ECHOED]);
    expect(asked).toEqual([`address 127.0.0.1:${secure.port}`, `address 127.0.0.1:${plain.port}`]);
  });

  test.each([
    { value: 'socks5h://127.0.0.1', problem: 'asks for credentials' },
    { value: 'socks5h://user:wrong@127.0.0.1', problem: 'refused the user name and password' },
  ])('refusal: $problem', async ({ value, problem }) => {
    const { port } = await other(startSocksProxy('user:p@ss'));
    const { https, wss } = addresses();
    const report = await program.run({ ...trust, ALL_PROXY: `${value}:${port}` }, https, wss);
    const error = `the proxy 127.0.0.1:${port} of ALL_PROXY ${problem}`;
    expect(report.visits).toEqual([{ error }, { error }]);
  });

  test('a target that the proxy does not allow', async () => {
    const { port } = await other(startSocksProxy());
    const report = await program.run({ ALL_PROXY: `socks5h://127.0.0.1:${port}` }, 'https://forbidden.test/');
    const error = `the proxy 127.0.0.1:${port} of ALL_PROXY made no connection to forbidden.test:443: not allowed by its rules`;
    expect(report.visits).toEqual([{ error }]);
  });

  test('a server that speaks something else', async () => {
    const { https } = addresses();
    const report = await program.run({ ALL_PROXY: `socks5h://127.0.0.1:${plain.port}` }, https);
    expect(report.visits).toEqual([
      { error: `the proxy 127.0.0.1:${plain.port} of ALL_PROXY does not speak SOCKS 5` },
    ]);
  });
});
