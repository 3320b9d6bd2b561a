import { once } from 'node:events';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { describeProxy } from './proxy.ts';
import type { ProxyServer } from './proxy.ts';
import { settle } from './socket.ts';
import { authorityOf } from './target.ts';
import type { Target } from './target.ts';

const VERSION = 5;
const METHOD = { none: 0, password: 2 };
const ADDRESS = { ipv4: 1, name: 3, ipv6: 4 };

/** What a server says about a connection that it did not make, by code (RFC 1928, section 6). */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'general failure',
  2: 'not allowed by its rules',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'expired on the way',
  7: 'command not supported',
  8: 'kind of address not supported',
};

/** Asks a SOCKS server of version 5, on a socket that leads to it, for a connection to the target (RFC 1928, 1929). */
export async function openSocksTunnel(
  socket: Socket,
  proxy: ProxyServer,
  target: Target,
  signal: AbortSignal,
): Promise<void> {
  await settle(socket, negotiate(socket, proxy, target, signal));
}

async function negotiate(
  socket: Socket,
  proxy: ProxyServer,
  target: Target,
  signal: AbortSignal,
): Promise<void> {
  const read = (count: number): Promise<Buffer> => readBytes(socket, count, describeProxy(proxy), signal);
  const fail = (problem: string): Error => new Error(`${describeProxy(proxy)} ${problem}`);

  const wanted = proxy.credentials === null ? METHOD.none : METHOD.password;
  socket.write(Uint8Array.of(VERSION, 1, wanted));
  const [version, method] = await read(2);
  if (version !== VERSION) throw fail('does not speak SOCKS 5');
  if (method !== wanted) {
    throw fail(wanted === METHOD.none ? 'asks for credentials' : 'takes no user name and password');
  }
  if (proxy.credentials !== null) {
    const { user, password } = proxy.credentials;
    socket.write(Buffer.concat([Uint8Array.of(1), counted(user), counted(password)]));
    const [, status] = await read(2);
    if (status !== 0) throw fail('refused the user name and password');
  }

  const port = Uint8Array.of(target.port >> 8, target.port & 0xff);
  socket.write(Buffer.concat([Uint8Array.of(VERSION, 1, 0), addressBytes(target.host), port]));
  const [, reply = 0, , kind] = await read(4);
  if (reply !== 0) {
    throw fail(`made no connection to ${authorityOf(target)}: ${REFUSALS[reply] ?? `code ${reply}`}`);
  }
  const addressLength = kind === ADDRESS.ipv4 ? 4 : kind === ADDRESS.ipv6 ? 16 : (await read(1))[0]!;
  await read(addressLength + 2);
}

/** A text behind a byte that tells its length. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255)
    throw new Error('a SOCKS proxy takes at most 255 bytes of host, user name or password');
  return Buffer.concat([Uint8Array.of(bytes.length), bytes]);
}

function addressBytes(host: string): Buffer {
  const family = isIP(host);
  if (family === 0) return Buffer.concat([Uint8Array.of(ADDRESS.name), counted(host)]);
  if (family === 4) return Buffer.from([ADDRESS.ipv4, ...host.split('.').map(Number)]);
  return Buffer.concat([Uint8Array.of(ADDRESS.ipv6), ipv6Bytes(host)]);
}

/** The 16 bytes of an IPv6 address in any of its spellings. */
export function ipv6Bytes(address: string): Buffer {
  // A URL brings every spelling to groups of hexadecimal digits with at most one gap.
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
  const gap = Array.from({ length: 8 - groups(head).length - groups(tail).length }, () => 0);
  return Buffer.from(
    [...groups(head), ...gap, ...groups(tail)].flatMap((group) => [group >> 8, group & 0xff]),
  );
}

/** Exactly so many bytes; what comes after them stays in the socket. */
async function readBytes(socket: Socket, count: number, name: string, signal: AbortSignal): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(count) as Buffer | null;
    if (bytes?.length === count) return bytes;
    if (bytes !== null || socket.readableEnded || socket.destroyed) throw new Error(`${name} hung up`);
    await once(socket, 'readable', { signal });
  }
}
