import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { LISTENER_LIMITS, authPolicy, openListener, usualSocketPath } from '../listen/index.ts';
import type { ListenAddress, Listener, Site } from '../listen/index.ts';
import type { ListenTarget } from '../listen/target.ts';
import type { RpcConnection } from '../rpc/index.ts';
import type { Logger } from '../util/logger.ts';
import type { ListenFlags } from './listen-options.ts';

export interface ListeningOptions {
  readonly flags: ListenFlags;
  readonly codexHome: string;
  /** A web page to serve beside the WebSocket; absent: none. */
  readonly site?: Site | undefined;
  readonly accept: (rpc: RpcConnection) => { readonly holdsUpOthers: boolean };
  readonly logger: Logger;
}

/** Opens every listener that the flags ask for, or none. Throws `ListenError`. */
export async function openListeners(options: ListeningOptions): Promise<Listener[]> {
  const { accept, codexHome, flags, logger, site } = options;
  const policy = authPolicy(flags);
  const listeners: Listener[] = [];
  try {
    for (const address of addressesOf(flags.listen ?? [], codexHome)) {
      const allowedOrigins = flags.allowOrigin ?? [];
      const limits = LISTENER_LIMITS;
      const listener = await openListener({
        address,
        policy,
        allowedOrigins,
        site,
        accept,
        limits,
        logger,
        now: Date.now,
      });
      listeners.push(address.kind === 'unix' ? removedAtExit(listener, address.path) : listener);
    }
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close(0)));
    throw error;
  }
  return listeners;
}

/** A process that ends at once leaves no socket behind that nobody listens on. */
function removedAtExit(listener: Listener, path: string): Listener {
  const remove = (): void => rmSync(path, { force: true });
  process.once('exit', remove);
  return {
    ...listener,
    close: (stepMs) => {
      // Closing removes the socket; what is there afterwards is another daemon's.
      process.off('exit', remove);
      return listener.close(stepMs);
    },
  };
}

function addressesOf(targets: readonly ListenTarget[], codexHome: string): ListenAddress[] {
  const usualPath = usualSocketPath(codexHome);
  return targets.flatMap((target): ListenAddress[] => {
    if (target.kind === 'webSocket') return [target];
    if (target.kind !== 'unix') return [];
    return [{ kind: 'unix', path: target.path === null ? usualPath : resolve(target.path), usualPath }];
  });
}

/** What is told on standard error of where clients connect. */
export function banner(listeners: readonly Listener[], hasAuth: boolean): string {
  return listeners
    .map(({ kind, url }) => {
      if (kind === 'unix') return `parley app-server (Unix socket)\n  listening on  ${url}\n`;
      const http = url.replace(/^ws:/, 'http:');
      const note = hasAuth
        ? 'clients need a bearer token'
        : 'any program on this machine can connect; other machines cannot';
      return `parley app-server (WebSocket)
  listening on  ${url}
  ready         ${http}/readyz
  health        ${http}/healthz
  note          ${note}
`;
    })
    .join('');
}
