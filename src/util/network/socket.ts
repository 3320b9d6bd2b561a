import { once } from 'node:events';
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SecureContext } from 'node:tls';
import type { Target } from './target.ts';

const KEEP_ALIVE_MS = 60_000;

/** Opens a plain socket. An abort, like any failure, leaves nothing behind. */
export async function openTcp(
  { host, port }: Pick<Target, 'host' | 'port'>,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = connectTcp({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
  await settle(socket, once(socket, 'connect', { signal }));
  return socket;
}

/** Speaks TLS on a socket that leads to the host. Without a context the default roots of Node are trusted. */
export async function startTls(
  socket: Socket,
  host: string,
  secureContext: SecureContext | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const secure = connectTls({
    socket,
    host,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(secureContext === undefined ? {} : { secureContext }),
  });
  await settle(socket, settle(secure, once(secure, 'secureConnect', { signal })));
  return secure;
}

/** Waits for a step of a socket's setup, and drops the socket if the step fails. */
export async function settle<T>(socket: Socket, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    // An error that comes after the one that is reported has nobody to tell.
    socket.on('error', () => {});
    socket.destroy();
    throw error;
  }
}
