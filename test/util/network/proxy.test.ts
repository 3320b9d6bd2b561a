import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { proxyFor } from '../../../src/util/network/index.ts';
import type { ProxyOutcome } from '../../../src/util/network/index.ts';
import { ipv6Bytes } from '../../../src/util/network/socks-tunnel.ts';

const all = {
  HTTP_PROXY: 'http-upper',
  http_proxy: 'http-lower',
  HTTPS_PROXY: 'https-upper',
  https_proxy: 'https-lower',
  ALL_PROXY: 'all-upper',
  all_proxy: 'all-lower',
};

/** The variables in the order in which they count. */
function orderFor(url: string): string[] {
  const left: Record<string, string> = { ...all };
  const order: string[] = [];
  for (;;) {
    const outcome = proxyFor(url, left);
    if (!outcome.ok || outcome.proxy === null) return order;
    order.push(outcome.proxy.variable);
    // An empty value counts as none.
    left[outcome.proxy.variable] = '';
  }
}

test.each([
  ['http://a.test/', ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']],
  ['ws://a.test/', ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']],
  ['https://a.test/', ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy']],
  ['wss://a.test/', ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']],
  ['file:///a', []],
])('the variables for %s', (url, order) => {
  expect(orderFor(url)).toEqual(order);
});

describe('the value', () => {
  const proxy = { variable: 'ALL_PROXY', credentials: null };
  test.each([
    ['http://p.test:3128', { ...proxy, kind: 'http', host: 'p.test', port: 3128 }],
    ['p.test:3128', { ...proxy, kind: 'http', host: 'p.test', port: 3128 }],
    ['  P.test/ ', { ...proxy, kind: 'http', host: 'p.test', port: 80 }],
    ['https://p.test', { ...proxy, kind: 'https', host: 'p.test', port: 443 }],
    ['socks5://P.test', { ...proxy, kind: 'socks5', host: 'p.test', port: 1080 }],
    ['socks5h://[::1]:99', { ...proxy, kind: 'socks5h', host: '::1', port: 99 }],
    [
      'http://u%40x:p%3A@p.test:1',
      {
        variable: 'ALL_PROXY',
        kind: 'http',
        host: 'p.test',
        port: 1,
        credentials: { user: 'u@x', password: 'p:' },
      },
    ],
    [
      'u@p.test',
      {
        variable: 'ALL_PROXY',
        kind: 'http',
        host: 'p.test',
        port: 80,
        credentials: { user: 'u', password: '' },
      },
    ],
  ])('%s', (value, expected) => {
    expect(proxyFor('https://a.test', { ALL_PROXY: value })).toEqual({ ok: true, proxy: expected });
  });

  test.each([
    'socks4://p.test',
    'socks://p.test',
    'ftp://p.test',
    'http://',
    'http://u:100%@p.test',
    'a b',
    ' ',
  ])('%j is an error that does not repeat it', (value) => {
    const outcome: ProxyOutcome = {
      ok: false,
      message:
        'the value of ALL_PROXY is not the address of a usable proxy. Set it to http://HOST:PORT, ' +
        'https://HOST:PORT, socks5://HOST:PORT or socks5h://HOST:PORT, or unset it.',
    };
    expect(proxyFor('https://a.test', { ALL_PROXY: value })).toEqual(outcome);
  });

  test('may be anything without an exception', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(typeof proxyFor('wss://a.test', { HTTPS_PROXY: value }).ok).toBe('boolean');
      }),
    );
  });
});

test.each([
  [{ NO_PROXY: 'a.test' }, 'https://a.test/', null],
  [{ no_proxy: 'a.test' }, 'https://a.test/', null],
  [{ NO_PROXY: '', no_proxy: 'a.test' }, 'https://a.test/', null],
  [{ NO_PROXY: 'b.test', no_proxy: 'a.test' }, 'https://a.test/', 'p.test'],
  [{ NO_PROXY: 'a.test:443' }, 'wss://A.test./', null],
  [{ NO_PROXY: 'a.test:80' }, 'ws://a.test/', null],
  [{ NO_PROXY: 'a.test:80' }, 'https://a.test/', 'p.test'],
  [{ NO_PROXY: '::1' }, 'https://[::1]:8443/', null],
])('%j for %s', (variables, url, host) => {
  const outcome = proxyFor(url, { ALL_PROXY: 'p.test', ...variables });
  expect(outcome.ok && (outcome.proxy?.host ?? null)).toBe(host);
});

test('an unusable value does not matter where no proxy is used', () => {
  expect(proxyFor('https://a.test', { ALL_PROXY: 'ftp://x', NO_PROXY: '*' })).toEqual({
    ok: true,
    proxy: null,
  });
});

test.each([
  ['::', '00000000000000000000000000000000'],
  ['::1', '00000000000000000000000000000001'],
  ['fe80::', 'fe800000000000000000000000000000'],
  ['2001:db8:0:1:2:3:4:5', '20010db8000000010002000300040005'],
  ['::ffff:1.2.3.4', '00000000000000000000ffff01020304'],
])('the bytes of %s', (address, hex) => {
  expect(ipv6Bytes(address).toString('hex')).toBe(hex);
});
