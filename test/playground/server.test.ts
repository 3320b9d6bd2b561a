import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { TestDaemon } from '../support/daemon.ts';
import { startPlayground } from './playground.ts';

const FILES = ['', 'index.html', 'style.css', 'main.js', 'audio-worklet.js', 'icon.svg'];

describe('the server of the playground', () => {
  it('serves the files of the page and nothing else, under a policy that forbids everything foreign', async () => {
    const { origin } = await startPlayground();
    for (const file of FILES) {
      const response = await fetch(`${origin}/${file}`);
      expect([file, response.status]).toEqual([file, 200]);
      expect(response.headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
          "media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      expect(response.headers.get('cache-control')).toBe('no-store');
      const text = await response.text();
      expect(text).not.toBe('');
      // Nothing is loaded from anywhere else, so that the page works without a network.
      expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    }
    for (const path of ['/main.ts', '/../cli/main.js', '/%2e%2e/cli/main.js', '/index.html/']) {
      expect([path, (await fetch(origin + path)).status]).toEqual([path, 400]);
    }
    expect((await fetch(origin, { method: 'POST' })).status).toBe(405);
  });

  it('lets in whoever has the token, except from the page of another origin', async () => {
    const { origin, token } = await startPlayground();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(await knock(origin, { token, origin })).toBe('open');
    expect(await knock(origin, { token })).toBe('open');
    expect(await knock(origin, { token: null, origin })).toBe(401);
    expect(await knock(origin, { token: `${token}x`, origin })).toBe(401);
    expect(await knock(origin, { token, origin: 'http://localhost:3000' })).toBe(403);
    expect(await knock(origin, { token, origin: 'null' })).toBe(403);
  });

  it('has another token each time', async () => {
    const [one, other] = await Promise.all([startPlayground(), startPlayground()]);
    expect(one.token).not.toBe(other.token);
  });

  it('says how to open the page by hand where no browser can be started', async () => {
    const { daemon } = await startPlayground({ opensBrowser: true });
    const hint = await daemon.until('the hint', () => daemon.garbage.find((line) => line.includes('note')));
    expect(hint).toMatch(/^ {2}note {2}no browser could be opened \(.+\); open the address yourself$/);
  });

  it('ends at a signal, with clients connected', async () => {
    const { daemon, origin, token } = await startPlayground();
    const socket = new WebSocket(origin.replace(/^http/, 'ws'), ['parley', `parley.bearer.${token}`]);
    const closed = once(socket, 'close');
    await once(socket, 'open');
    daemon.process.kill('SIGINT');
    expect((await closed)[0]).toBe(1001);
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
    expect(daemon.stderr).toBe('');
  });

  it('refuses a port that is taken', async () => {
    const { origin } = await startPlayground();
    const { host, port } = new URL(origin);
    const second = new TestDaemon({ args: ['playground', '--loopback', '--no-open', '--port', port] });
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.stderr).toBe(`parley: cannot listen on ws://${host}: the address is in use\n`);
  });
});

/** Asks for a WebSocket. Gives the status of the refusal, or that it was opened. */
async function knock(
  url: string,
  { origin, token }: { readonly origin?: string; readonly token: string | null },
): Promise<number | 'open'> {
  const subprotocols = token === null ? ['parley'] : ['parley', `parley.bearer.${token}`];
  const headers = origin === undefined ? {} : { origin };
  const socket = new WebSocket(url.replace(/^http/, 'ws'), subprotocols, { headers });
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.once('error', reject);
  });
}
