import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { connect } from './connector.ts';
import type { Environment } from './environment.ts';
import { NetworkConfigurationError } from './errors.ts';
import { proxyFor } from './proxy.ts';
import type { ProxyServer } from './proxy.ts';
import { targetOf } from './target.ts';
import type { TrustStore } from './trust-store.ts';

export interface RouterOptions {
  readonly environment: Environment;
  /** Null where the default roots of Node are enough. */
  readonly trust: TrustStore | null;
  readonly connectTimeoutMs: number;
}

/** Decides for each URL how it is reached, and connects. What cannot be used is a `NetworkConfigurationError`. */
export class Router {
  readonly #options: RouterOptions;

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  /** Whether this URL is reached as if no variable were set. */
  isPlain(url: URL): boolean {
    const outcome = proxyFor(url, this.#options.environment);
    return this.#options.trust === null && outcome.ok && outcome.proxy === null;
  }

  /** Rejects if the bundle, or the proxy for this URL, cannot be used. */
  async check(url: URL): Promise<void> {
    this.#proxyFor(url);
    await this.#options.trust?.check();
  }

  readonly connect = async (url: URL): Promise<Socket> => {
    const proxy = this.#proxyFor(url);
    const target = targetOf(url);
    const secureContext = await this.#secureContext(target.secure || proxy?.kind === 'https');
    return connect(target, { proxy, secureContext, timeoutMs: this.#options.connectTimeoutMs });
  };

  /** The proxy that takes plain requests without a tunnel, or null for any other way. */
  readonly forwardingProxy = (origin: URL): ProxyServer | null => {
    if (targetOf(origin).secure) return null;
    const outcome = proxyFor(origin, this.#options.environment);
    // Whatever is wrong with the proxy shows when the connection is made.
    return outcome.ok && outcome.proxy?.kind === 'http' ? outcome.proxy : null;
  };

  async #secureContext(isNeeded: boolean): Promise<SecureContext | undefined> {
    if (isNeeded) return this.#options.trust?.secureContext();
    // A bad bundle also stops what needs no certificates, so that it is not found out one day by chance.
    await this.#options.trust?.check();
    return undefined;
  }

  #proxyFor(url: URL): ProxyServer | null {
    const outcome = proxyFor(url, this.#options.environment);
    if (!outcome.ok) throw new NetworkConfigurationError(outcome.message);
    return outcome.proxy;
  }
}
