import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { errorMessage } from '../errors.ts';
import { describeProxy } from './proxy.ts';
import type { ProxyServer } from './proxy.ts';
import { settle } from './socket.ts';
import { authorityOf } from './target.ts';
import type { Target } from './target.ts';

/** Asks an HTTP proxy, on a socket that leads to it, for a tunnel to the target. */
export async function openHttpTunnel(
  socket: Socket,
  proxy: ProxyServer,
  target: Target,
  signal: AbortSignal,
): Promise<void> {
  const path = authorityOf(target);
  const authorization = proxyAuthorization(proxy);
  const asking = request({
    method: 'CONNECT',
    path,
    headers: { host: path, ...(authorization === null ? {} : { 'proxy-authorization': authorization }) },
    createConnection: () => socket,
  });
  // Dropping the socket after a failure makes one more error, which has nobody to tell.
  asking.on('error', () => {});
  asking.end();
  const [response, , head] = await settle(socket, once(asking, 'connect', { signal })).then(
    (answer) => answer as [IncomingMessage, Socket, Buffer],
    (error: unknown) => {
      const reason = errorMessage(error);
      throw new Error(`${describeProxy(proxy)} opened no tunnel to ${path}: ${reason}`, { cause: error });
    },
  );
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) {
    socket.destroy();
    throw new Error(`${describeProxy(proxy)} refused a tunnel to ${path} with HTTP status ${status}`);
  }
  if (head.length > 0) socket.unshift(head);
}

/** The `proxy-authorization` header, or null for a proxy without credentials. */
export function proxyAuthorization({ credentials }: ProxyServer): string | null {
  if (credentials === null) return null;
  return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
}
