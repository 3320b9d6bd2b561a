import { describe, expect, it } from 'vitest';
import { replyTo } from '../../src/listen/http.ts';
import type { HttpRules } from '../../src/listen/http.ts';

const OPEN: HttpRules = { hasHealth: true, allowedOrigins: ['http://page'], authenticate: null };
const UPGRADE = { connection: 'Upgrade', upgrade: 'websocket' };

function reply(
  request: { method?: string; url?: string; headers?: Record<string, string> },
  rules: Partial<HttpRules> = {},
): unknown {
  const found = replyTo({ method: 'GET', url: '/', headers: {}, ...request }, { ...OPEN, ...rules });
  return found === null ? 'socket' : `${found.status} ${found.body}`.trim();
}

describe('a request', () => {
  it.each(['/', '/x', '/readyz/x', '/?token=1'])('to %s becomes a socket', (url) => {
    expect(reply({ url, headers: UPGRADE })).toBe('socket');
  });

  it.each([
    { connection: 'keep-alive, UPGRADE', upgrade: 'WebSocket' },
    { connection: 'upgrade', upgrade: 'h2c, websocket' },
  ])('may be spelt %j', (headers) => {
    expect(reply({ headers })).toBe('socket');
  });

  it.each(['/healthz', '/readyz', '/readyz?x=1'])('to %s asks for the state of health', (url) => {
    const nobody = (): string => 'nobody passes';
    for (const method of ['GET', 'HEAD']) {
      expect(reply({ method, url }, { authenticate: nobody })).toBe('200');
      expect(reply({ method, url, headers: UPGRADE }, { authenticate: nobody })).toBe('200');
    }
    for (const method of ['POST', 'PUT', 'OPTIONS']) expect(reply({ method, url })).toBe('405');
    expect(reply({ url }, { hasHealth: false })).toBe("400 Connection header did not include 'upgrade'");
  });

  it('of another method is refused', () => {
    for (const method of ['POST', 'HEAD', 'OPTIONS']) {
      expect(reply({ method, headers: UPGRADE })).toBe('405 Request method must be `GET`');
    }
  });

  it('without an upgrade is refused', () => {
    expect(reply({})).toBe("400 Connection header did not include 'upgrade'");
    expect(reply({ headers: { connection: 'keep-alive' } })).toBe(
      "400 Connection header did not include 'upgrade'",
    );
    expect(reply({ headers: { connection: 'upgrade', upgrade: 'h2c' } })).toBe(
      "400 Upgrade header did not include 'websocket'",
    );
  });

  it.each(['http://other', 'http://page:80', 'HTTP://PAGE', 'null', ''])(
    'of a page of %s is refused, whatever it is',
    (origin) => {
      const authenticate = (): string => 'nobody passes';
      for (const url of ['/', '/healthz']) {
        for (const method of ['GET', 'POST']) {
          expect(reply({ method, url, headers: { ...UPGRADE, origin } }, { authenticate })).toBe('403');
        }
      }
    },
  );

  it('of a page that is allowed passes as any other', () => {
    const headers = { ...UPGRADE, origin: 'http://page' };
    expect(reply({ headers })).toBe('socket');
    expect(reply({ headers }, { authenticate: () => 'no token' })).toBe('401 no token');
    expect(reply({ url: '/healthz', headers })).toBe('200');
  });

  it('is not asked for its origin where no page can come from', () => {
    expect(reply({ headers: { ...UPGRADE, origin: 'x' } }, { allowedOrigins: null })).toBe('socket');
  });
});
