import { isIP } from 'node:net';

/** Where a connection leads. */
export interface Target {
  /** In lower case and without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Whether TLS is spoken there. */
  readonly secure: boolean;
}

/** The target of an `http:`, `https:`, `ws:` or `wss:` URL. */
export function targetOf(url: URL): Target {
  const secure = url.protocol === 'https:' || url.protocol === 'wss:';
  return { host: hostOf(url), port: Number(url.port) || (secure ? 443 : 80), secure };
}

/** The host of a URL as it is looked up: without brackets and without the dot of a fully qualified name. */
export function hostOf(url: URL): string {
  return url.hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

/** `host:port` as it stands in a CONNECT request. */
export function authorityOf({ host, port }: Pick<Target, 'host' | 'port'>): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
