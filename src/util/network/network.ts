import type { Agent } from 'node:http';
import type { Logger } from '../logger.ts';
import { ConnectionAgent } from './connection-agent.ts';
import type { Environment } from './environment.ts';
import type { Fetch, HttpClient } from './http-client.ts';
import { LazyHttpClient } from './lazy-http-client.ts';
import { noProxyVariable, setProxyVariables } from './proxy.ts';
import { Router } from './router.ts';
import { targetOf } from './target.ts';
import { readBundleFile, selectBundle } from './trust-roots.ts';
import type { ReadFile } from './trust-roots.ts';
import { TrustStore } from './trust-store.ts';

const CONNECT_TIMEOUT_MS = 30_000;

export interface NetworkOptions {
  readonly environment: Environment;
  readonly logger: Logger;
  /** The bound for one connection that is made here, proxy and TLS included. The caller's own bound may be shorter. */
  readonly connectTimeoutMs?: number;
  readonly readFile?: ReadFile;
}

/** How the program reaches the outside: which certificates it trusts and which proxies it goes through. */
export interface Network {
  /**
   * Like the global `fetch`, which it is where nothing is configured. Rejects with a `NetworkConfigurationError` if the
   * bundle or the proxy cannot be used, and otherwise as `fetch` does: the reason is the error's `cause`.
   */
  readonly fetch: Fetch;
  /**
   * The agent for one socket to this URL, or undefined where the defaults are enough. Trust is part of it, so `ws` needs
   * no TLS options. A bundle or a proxy that cannot be used is an `error` event of the socket.
   */
  webSocketAgent(url: string | URL): Agent | undefined;
  /** What was selected, for the log: names and a path, never the address or the password of a proxy. */
  describe(): NetworkDescription;
  /** Drops the connections of `fetch`; requests that are under way fail. Sockets belong to who opened them. */
  close(): Promise<void>;
}

/** The variables that count, by name; null where none is set. */
export interface NetworkDescription {
  readonly caVariable: string | null;
  readonly caPath: string | null;
  readonly proxyVariables: readonly string[];
  readonly noProxyVariable: string | null;
}

/**
 * Loads nothing before it is needed: no file before the first connection, no library before the first request, and
 * neither of them ever if no variable is set.
 */
export function createNetwork(options: NetworkOptions): Network {
  const { environment, logger, readFile = readBundleFile, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
  const selection = selectBundle(environment);
  const proxyVariables = setProxyVariables(environment);
  const trust = selection === null ? null : new TrustStore(selection, readFile, logger);
  const router = new Router({ environment, trust, connectTimeoutMs });
  const client =
    trust === null && proxyVariables.length === 0
      ? PLAIN_CLIENT
      : new LazyHttpClient(router, (url) => router.check(url));

  return {
    fetch: client.fetch,
    webSocketAgent: (url) => {
      const parsed = new URL(url);
      if (router.isPlain(parsed)) return undefined;
      return new ConnectionAgent(targetOf(parsed).secure, () => router.connect(parsed));
    },
    describe: () => ({
      caVariable: selection?.variable ?? null,
      caPath: selection?.path ?? null,
      proxyVariables,
      noProxyVariable: noProxyVariable(environment),
    }),
    close: () => client.close(),
  };
}

/** Node's own client; its connections need no closing. */
const PLAIN_CLIENT: HttpClient = {
  fetch: (url, init) => fetch(url, init),
  close: () => Promise.resolve(),
};
