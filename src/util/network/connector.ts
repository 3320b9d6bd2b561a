import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { errorMessage } from '../errors.ts';
import { openHttpTunnel } from './http-tunnel.ts';
import { describeProxy } from './proxy.ts';
import type { ProxyServer } from './proxy.ts';
import { openTcp, startTls } from './socket.ts';
import { openSocksTunnel } from './socks-tunnel.ts';
import { authorityOf } from './target.ts';
import type { Target } from './target.ts';

export interface Route {
  readonly proxy: ProxyServer | null;
  /** Certificates that the target, and an `https` proxy, may be signed by; undefined for the default roots of Node. */
  readonly secureContext: SecureContext | undefined;
  /** For everything together: proxy, tunnel and TLS. */
  readonly timeoutMs: number;
}

/** Connects to a target, through its proxy if it has one, and speaks TLS if the target is secure. */
export function connect(target: Target, route: Route): Promise<Socket> {
  return withDeadline(route.timeoutMs, `no connection to ${authorityOf(target)}`, async (signal) => {
    const socket =
      route.proxy === null
        ? await openTcp(target, signal)
        : await openTunnel(target, route.proxy, route.secureContext, signal);
    return target.secure ? startTls(socket, target.host, route.secureContext, signal) : socket;
  });
}

async function openTunnel(
  target: Target,
  proxy: ProxyServer,
  secureContext: SecureContext | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  // The one difference between the two kinds of SOCKS: who looks the name up.
  const goal = proxy.kind === 'socks5' ? { ...target, host: (await lookup(target.host)).address } : target;
  const socket = await openProxy(proxy, secureContext, signal);
  const negotiate = proxy.kind === 'http' || proxy.kind === 'https' ? openHttpTunnel : openSocksTunnel;
  await negotiate(socket, proxy, goal, signal);
  return socket;
}

async function openProxy(
  proxy: ProxyServer,
  secureContext: SecureContext | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  try {
    const socket = await openTcp(proxy, signal);
    return proxy.kind === 'https' ? await startTls(socket, proxy.host, secureContext, signal) : socket;
  } catch (error) {
    throw new Error(`${describeProxy(proxy)} cannot be reached: ${errorMessage(error)}`, { cause: error });
  }
}

/** Runs a task that may take only so long; its signal aborts when the time is up, and never after the task has ended. */
async function withDeadline<T>(
  timeoutMs: number,
  failure: string,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${failure} within ${timeoutMs} ms`));
      deadline.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([task(deadline.signal), expiry]);
  } finally {
    clearTimeout(timer);
  }
}
