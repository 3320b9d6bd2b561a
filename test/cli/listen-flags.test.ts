import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { listeningDaemon, SocketClient } from '../support/socket-client.ts';

/** How a daemon that cannot serve ends. */
async function endOf(args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const daemon = new TestDaemon({ args: ['app-server', ...args] });
  const closed = new Promise((resolve) => daemon.process.once('close', resolve));
  const { code } = await daemon.exited;
  await closed;
  expect(daemon.messages).toEqual([]);
  return { code, stderr: daemon.stderr };
}

describe('a command line is wrong', () => {
  it.each([
    [
      ['--listen', 'http://127.0.0.1:1'],
      "error: option '--listen <url>' argument 'http://127.0.0.1:1' is invalid. unsupported --listen URL `http://127.0.0.1:1`; expected `stdio://`, `ws://IP:PORT`, `unix://`, `unix://PATH` or `off`\n",
    ],
    [
      ['--listen', 'ws://localhost:4500'],
      "error: option '--listen <url>' argument 'ws://localhost:4500' is invalid. invalid websocket --listen URL `ws://localhost:4500`; expected `ws://IP:PORT`\n",
    ],
    [
      ['--allow-origin', '*'],
      "error: option '--allow-origin <origin>' argument '*' is invalid. expected an origin such as `http://localhost:3000`, without a path; found `*`\n",
    ],
    [
      ['--ws-auth', 'password'],
      "error: option '--ws-auth <mode>' argument 'password' is invalid. Allowed choices are capability-token, signed-bearer-token.\n",
    ],
    [
      ['--ws-max-clock-skew-seconds', '-1'],
      "error: option '--ws-max-clock-skew-seconds <seconds>' argument '-1' is invalid. expected a whole number of seconds\n",
    ],
  ])('with %j', async (args, stderr) => {
    expect(await endOf(args)).toEqual({ code: 2, stderr });
  });
});

describe('it is not possible to serve', () => {
  it.each([
    [['--listen', 'off'], 'no transport configured; use --listen'],
    [
      ['--listen', 'ws://0.0.0.0:0'],
      'ws://0.0.0.0:0 can be reached by other machines and needs --ws-auth capability-token or signed-bearer-token',
    ],
    [
      ['--listen', 'ws://[::]:0'],
      'ws://[::]:0 can be reached by other machines and needs --ws-auth capability-token or signed-bearer-token',
    ],
    [['--ws-issuer', 'x'], '--ws-issuer needs --ws-auth signed-bearer-token'],
    [
      ['--listen', 'stdio://', '--ws-auth', 'capability-token'],
      '--ws-auth capability-token needs --ws-token-file or --ws-token-sha256',
    ],
    [
      ['--listen', 'ws://192.0.2.1:0', '--ws-auth', 'capability-token', '--ws-token-sha256', 'ab'.repeat(32)],
      'cannot listen on ws://192.0.2.1:0: this machine does not have the address',
    ],
  ])('with %j', async (args, message) => {
    expect(await endOf(args)).toEqual({ code: 1, stderr: `parley: ${message}\n` });
  });

  it('with a secret that is too short', async () => {
    const daemon = new TestDaemon();
    const path = join(daemon.home, 'secret');
    writeFileSync(path, 'x'.repeat(31));
    const args = [
      '--listen',
      'ws://127.0.0.1:0',
      '--ws-auth',
      'signed-bearer-token',
      '--ws-shared-secret-file',
      path,
    ];
    expect(await endOf(args)).toEqual({
      code: 1,
      stderr: `parley: the shared secret in ${path} must be at least 32 bytes\n`,
    });
  });

  it('on a port that is in use, and then nowhere', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await endOf(['--listen', 'ws://127.0.0.1:0', '--listen', url])).toEqual({
      code: 1,
      stderr: `parley: cannot listen on ${url}: the address is in use\n`,
    });
  });
});

describe('a daemon', () => {
  it('tells where it listens', async () => {
    const { daemon, url, urls } = await listeningDaemon({
      listen: ['ws://127.0.0.1:0', 'unix://', 'ws://[::1]:0'],
    });
    const port = /^ws:\/\/127\.0\.0\.1:(\d+)$/.exec(url)?.[1];
    const http = `http://127.0.0.1:${port}`;
    expect(daemon.stderr).toContain(`parley app-server (WebSocket)
  listening on  ${url}
  ready         ${http}/readyz
  health        ${http}/healthz
  note          any program on this machine can connect; other machines cannot
parley app-server (Unix socket)
  listening on  unix://${daemon.home}/app-server-control/app-server-control.sock
parley app-server (WebSocket)
  listening on  ws://[::1]:`);
    for (const each of [urls[0], urls[2]]) {
      const client = await SocketClient.open(each ?? '');
      expect(await client.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
    }
  });

  it('listens on every address where there is a token, whichever place in the command line it has', async () => {
    const daemon = new TestDaemon();
    const path = join(daemon.home, 'token');
    writeFileSync(path, 'let-me-in');
    const { daemon: other, url } = await listeningDaemon({
      listen: ['ws://0.0.0.0:0'],
      args: ['--ws-auth', 'capability-token', '--ws-token-file', path],
    });
    expect(other.stderr).toContain('  note          clients need a bearer token\n');
    const address = url.replace('0.0.0.0', '127.0.0.1');
    await expect(SocketClient.open(address)).rejects.toThrow('401');
    await SocketClient.open(address, { headers: { authorization: 'Bearer let-me-in' } });
  });

  it('serves standard input besides, and ends with it', async () => {
    const { daemon, url } = await listeningDaemon({ listen: ['stdio://', 'ws://127.0.0.1:0'] });
    const client = await SocketClient.open(url);
    await daemon.request('initialize', { clientInfo: { name: 'stdio', version: '1' } });
    const threadId = await daemon.startThread();
    await client.waitForNotification('thread/started');
    expect(await client.request('thread/loaded/list', {})).toEqual({ data: [threadId], nextCursor: null });
    daemon.process.stdin.end();
    expect(await client.closed).toEqual({ code: 1001, reason: 'the server is shutting down' });
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
  });

  it('does not end with its standard input where it does not serve it', async () => {
    const { daemon, url } = await listeningDaemon();
    daemon.process.stdin.end('{"id":1,"method":"initialize"}\n');
    const client = await SocketClient.open(url);
    await client.request('thread/loaded/list', {});
    expect(daemon.messages).toEqual([]);
  });

  it('takes options before the name of the command as well', async () => {
    const daemon = new TestDaemon({ args: ['--listen', 'off', 'app-server'] });
    expect(await daemon.exited).toEqual({ code: 1, signal: null });
  });
});
