import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { jwt, SECRET } from '../listen/tokens.ts';
import { listeningDaemon, refusalOf, SocketClient } from '../support/socket-client.ts';

interface HttpAnswer {
  readonly status: number | undefined;
  readonly body: string;
}

async function http(
  url: string,
  {
    method = 'GET',
    path = '/',
    headers = {},
  }: { method?: string; path?: string; headers?: Record<string, string> },
): Promise<HttpAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(url.replace(/^ws/, 'http') + path, { method, headers, agent: false }, resolve);
    // Node itself takes an answer to an upgrade for an upgrade only if it is one.
    sent.on('error', reject).end();
  });
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk as string;
  return { status: response.statusCode, body };
}

describe('the port of a WebSocket', () => {
  it('tells of its health, to programs only', async () => {
    const { url } = await listeningDaemon({ args: ['--allow-origin', 'http://page'] });
    for (const path of ['/healthz', '/readyz']) {
      expect(await http(url, { path })).toEqual({ status: 200, body: '' });
      expect(await http(url, { path, method: 'HEAD' })).toEqual({ status: 200, body: '' });
      expect(await http(url, { path, method: 'POST' })).toEqual({ status: 405, body: '' });
      const other = { origin: 'http://other' };
      expect(await http(url, { path, headers: other })).toEqual({ status: 403, body: '' });
      expect(await http(url, { path, headers: { origin: 'http://page' } })).toEqual({
        status: 200,
        body: '',
      });
      const upgrade = { connection: 'upgrade', upgrade: 'websocket' };
      expect(await http(url, { path, headers: upgrade })).toEqual({ status: 200, body: '' });
    }
  });

  it('serves nothing else', async () => {
    const { url } = await listeningDaemon();
    expect(await http(url, {})).toEqual({ status: 400, body: "Connection header did not include 'upgrade'" });
    expect(await http(url, { method: 'POST', path: '/x' })).toEqual({
      status: 405,
      body: 'Request method must be `GET`',
    });
    const h2c = { connection: 'upgrade', upgrade: 'h2c' };
    expect(await http(url, { headers: h2c })).toEqual({
      status: 400,
      body: "Upgrade header did not include 'websocket'",
    });
    const noKey = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    expect((await http(url, { headers: noKey })).status).toBe(400);
    await SocketClient.open(`${url}/any/path?and=query`);
  });

  it('refuses pages, but for those that are allowed', async () => {
    const { url } = await listeningDaemon({
      args: ['--allow-origin', 'http://localhost:3000', '--allow-origin', 'https://page.example'],
    });
    for (const origin of ['http://localhost:3001', 'http://localhost', 'null', 'https://page.example.org']) {
      expect(await refusalOf(url, { origin })).toEqual({ status: 403, body: '' });
    }
    for (const origin of ['http://localhost:3000', 'https://page.example']) {
      await SocketClient.open(url, { origin });
    }
    await SocketClient.open(url);
  });

  it('leaves an offer to compress aside', async () => {
    const { url, urls } = await listeningDaemon({ listen: ['ws://127.0.0.1:0', 'unix://'] });
    const unix = `ws+${urls[1] ?? ''}:/`;
    for (const each of [url, unix]) {
      const client = await SocketClient.open(each, { perMessageDeflate: true });
      expect(client.socket.extensions).toBe('');
    }
  });
});

function file(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-access-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secret');
  writeFileSync(path, content);
  return path;
}

function bearer(token: string): { headers: { authorization: string } } {
  return { headers: { authorization: `Bearer ${token}` } };
}

const refused = (body: string): HttpAnswer => ({ status: 401, body });

describe('with a token', () => {
  it.each(['--ws-token-file', '--ws-token-sha256'])('of %s only its holders connect', async (flag) => {
    const token = 'kQ-3_x.y~z';
    const value =
      flag === '--ws-token-file' ? file(`${token}\n`) : createHash('sha256').update(token).digest('hex');
    const { daemon, url } = await listeningDaemon({ args: ['--ws-auth', 'capability-token', flag, value] });
    expect(await refusalOf(url)).toEqual(refused('missing websocket bearer token'));
    expect(await refusalOf(url, bearer('x'))).toEqual(refused('invalid websocket bearer token'));
    expect(await refusalOf(url, { headers: { authorization: token } })).toEqual(
      refused('invalid authorization header'),
    );
    expect(await refusalOf(url, { ...bearer(token), origin: 'http://page' })).toEqual({
      status: 403,
      body: '',
    });
    expect(await http(url, { path: '/healthz' })).toEqual({ status: 200, body: '' });
    await SocketClient.open(url, bearer(token));
    const page = await SocketClient.open(url, { protocols: ['parley', `parley.bearer.${token}`] });
    expect(page.socket.protocol).toBe('parley');
    expect(await refusalOf(url, { protocols: ['parley', 'parley.bearer.x'] })).toEqual(
      refused('invalid websocket bearer token'),
    );
    expect(daemon.stderr).not.toContain(token);
  });

  it('that is signed only its holders connect, as long as it is valid', async () => {
    const { url } = await listeningDaemon({
      args: [
        '--ws-auth',
        'signed-bearer-token',
        '--ws-shared-secret-file',
        file(SECRET),
        '--ws-issuer',
        'me',
        '--ws-audience',
        'parley',
        '--ws-max-clock-skew-seconds',
        '5',
      ],
    });
    const now = Math.floor(Date.now() / 1_000);
    const good = { exp: now + 600, iss: 'me', aud: ['parley', 'other'] };
    const answerTo = (token: string): Promise<HttpAnswer> => refusalOf(url, bearer(token));
    expect(await refusalOf(url)).toEqual(refused('missing websocket bearer token'));
    expect(await answerTo('x')).toEqual(refused('invalid websocket jwt'));
    expect(await answerTo(jwt(good, { secret: 'another' }))).toEqual(refused('invalid websocket jwt'));
    expect(await answerTo(jwt(good, { header: { alg: 'none' } }))).toEqual(refused('invalid websocket jwt'));
    expect(await answerTo(jwt({ ...good, exp: now - 60 }))).toEqual(refused('expired websocket jwt'));
    expect(await answerTo(jwt({ ...good, nbf: now + 600 }))).toEqual(
      refused('websocket jwt is not valid yet'),
    );
    expect(await answerTo(jwt({ ...good, iss: 'you' }))).toEqual(refused('websocket jwt issuer mismatch'));
    expect(await answerTo(jwt({ ...good, aud: 'other' }))).toEqual(
      refused('websocket jwt audience mismatch'),
    );
    await SocketClient.open(url, bearer(jwt(good)));
  });
});
