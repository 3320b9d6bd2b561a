import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authority, isLoopback, parseListenUrl } from '../../src/listen/target.ts';

describe('the value of --listen', () => {
  it.each([
    ['stdio://', { kind: 'stdio' }],
    ['off', { kind: 'off' }],
    ['unix://', { kind: 'unix', path: null }],
    ['unix:///run/parley.sock', { kind: 'unix', path: '/run/parley.sock' }],
    ['unix://parley.sock', { kind: 'unix', path: 'parley.sock' }],
    ['ws://127.0.0.1:0', { kind: 'webSocket', host: '127.0.0.1', port: 0 }],
    ['ws://0.0.0.0:65535', { kind: 'webSocket', host: '0.0.0.0', port: 65_535 }],
    ['ws://[::1]:4500', { kind: 'webSocket', host: '::1', port: 4500 }],
  ])('%s is a place', (url, target) => {
    expect(parseListenUrl(url)).toEqual({ ok: true, target });
  });

  it.each(['http://127.0.0.1:1', 'wss://127.0.0.1:1', 'stdio', 'stdio://x', '', 'tcp://1', 'OFF'])(
    '%s is of no known kind',
    (url) => {
      expect(parseListenUrl(url)).toEqual({
        ok: false,
        message: `unsupported --listen URL \`${url}\`; expected \`stdio://\`, \`ws://IP:PORT\`, \`unix://\`, \`unix://PATH\` or \`off\``,
      });
    },
  );

  it.each([
    'ws://localhost:1',
    'ws://example.com:1',
    'ws://127.0.0.1',
    'ws://127.0.0.1:',
    'ws://127.0.0.1:65536',
    'ws://127.0.0.1:123456',
    'ws://127.0.0.1:-1',
    'ws://127.0.0.1:1/',
    'ws://::1:80',
    'ws://[127.0.0.1]:1',
    'ws://[::1%lo]:1',
    'ws://[::1]',
    'ws://1.2.3:1',
    'ws://user@127.0.0.1:1',
    'ws://:1',
    'ws://',
  ])('%s has no address', (url) => {
    expect(parseListenUrl(url)).toEqual({
      ok: false,
      message: `invalid websocket --listen URL \`${url}\`; expected \`ws://IP:PORT\``,
    });
  });

  it('reads back any address that it writes', () => {
    const address = fc.record({
      host: fc.oneof(fc.ipV4(), fc.ipV6()),
      port: fc.integer({ min: 0, max: 65_535 }),
    });
    fc.assert(
      fc.property(address, ({ host, port }) => {
        expect(parseListenUrl(`ws://${authority(host, port)}`)).toEqual({
          ok: true,
          target: { kind: 'webSocket', host, port },
        });
      }),
    );
  });

  it('is read whatever it is', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parseListenUrl(`ws://${text}`).ok === 'boolean'));
  });
});

describe('an address', () => {
  it.each(['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])(
    '%s is of this machine alone',
    (host) => expect(isLoopback(host)).toBe(true),
  );

  it.each(['0.0.0.0', '10.0.0.1', '128.0.0.1', '::', 'fe80::1', '::ffff:10.0.0.1', '::127.0.0.1'])(
    '%s is not',
    (host) => expect(isLoopback(host)).toBe(false),
  );
});
