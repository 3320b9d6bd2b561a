import type { Socket } from 'node:net';
import { callbackify } from 'node:util';
import { proxyAuthorization } from './http-tunnel.ts';
import type { ProxyServer } from './proxy.ts';
import { authorityOf } from './target.ts';

/** The part of `fetch` that is the same whoever implements it. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

export interface HttpClientOptions {
  /** Connects to an origin such as `https://host:8443`. */
  readonly connect: (origin: URL) => Promise<Socket>;
  /** The proxy that takes requests for this origin as they are, without a tunnel. */
  readonly forwardingProxy: (origin: URL) => ProxyServer | null;
}

export interface HttpClient {
  readonly fetch: Fetch;
  /** Drops all connections; requests on them fail. */
  close(): Promise<void>;
}

/**
 * A `fetch` on connections of one's own making. They are kept for further requests, as those of Node's own are. The
 * library is imported here and nowhere else, so that a program that needs none of this does not load it.
 */
export async function createHttpClient({ connect, forwardingProxy }: HttpClientOptions): Promise<HttpClient> {
  const { Agent, Pool, ProxyAgent, fetch } = await import('undici');
  const connectOrigin = callbackify(connect);
  const dispatcher = new Agent({
    connect: ({ protocol, hostname, port }, callback) => {
      const origin = authorityOf({
        host: hostname,
        port: Number(port) || (protocol === 'https:' ? 443 : 80),
      });
      connectOrigin(new URL(`${protocol}//${origin}`), (error, socket) => {
        if (error === null) callback(null, socket);
        else callback(error, null);
      });
    },
    factory: (origin, options) => {
      const proxy = forwardingProxy(new URL(origin));
      return proxy === null ? new Pool(origin, options) : new ProxyAgent(forwarderOptions(proxy));
    },
  });
  // What a request and a response can do is the same in both declarations of `fetch`; their types only differ in name.
  const send = fetch as unknown as (url: string | URL, init: object) => Promise<Response>;
  return { fetch: (url, init) => send(url, { ...init, dispatcher }), close: () => dispatcher.destroy() };
}

/** Plain HTTP is not tunnelled, because many proxies open tunnels for TLS only. */
function forwarderOptions(proxy: ProxyServer): { uri: string; proxyTunnel: false; token?: string } {
  const authorization = proxyAuthorization(proxy);
  return {
    uri: `http://${authorityOf(proxy)}`,
    proxyTunnel: false,
    ...(authorization === null ? {} : { token: authorization }),
  };
}
