import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** Where to serve. The address of a `webSocket` is an IP address without brackets; a `path` of null is the usual one. */
export type ListenTarget =
  | { readonly kind: 'stdio' }
  | { readonly kind: 'off' }
  | { readonly kind: 'webSocket'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string | null };

export type ParsedTarget =
  { readonly ok: true; readonly target: ListenTarget } | { readonly ok: false; readonly message: string };

const EXPECTED = '`stdio://`, `ws://IP:PORT`, `unix://`, `unix://PATH` or `off`';

/** Reads the value of `--listen`. Names of hosts are refused: which address one stands for is not in our hands. */
export function parseListenUrl(url: string): ParsedTarget {
  if (url === 'stdio://') return { ok: true, target: { kind: 'stdio' } };
  if (url === 'off') return { ok: true, target: { kind: 'off' } };
  if (url.startsWith('unix://')) {
    return { ok: true, target: { kind: 'unix', path: url.slice('unix://'.length) || null } };
  }
  if (!url.startsWith('ws://')) {
    return { ok: false, message: `unsupported --listen URL \`${url}\`; expected ${EXPECTED}` };
  }
  const address = parseAddress(url.slice('ws://'.length));
  if (address === null) {
    const message = `invalid websocket --listen URL \`${url}\`; expected \`ws://IP:PORT\``;
    return { ok: false, message };
  }
  return { ok: true, target: { kind: 'webSocket', ...address } };
}

function parseAddress(text: string): { host: string; port: number } | null {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return null;
  if (bracketed !== undefined)
    return isIPv6(bracketed) && !bracketed.includes('%') ? { host: bracketed, port } : null;
  return plain !== undefined && isIPv4(plain) ? { host: plain, port } : null;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

/** Whether only programs of this machine reach an IP address. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

/** An address and port as they stand in a URL. */
export function authority(host: string, port: number): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
