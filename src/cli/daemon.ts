import { homedir } from 'node:os';
import { v7 as uuidV7 } from 'uuid';
import { Core, Identity, installationId, resolveCodexHome } from '../core/index.ts';
import type { EmitCoreEvent } from '../core/index.ts';
import type { Listener, Site } from '../listen/index.ts';
import { withCookies } from '../responses/index.ts';
import type { RpcConnection } from '../rpc/index.ts';
import { AppServer } from '../server/index.ts';
import type { AcceptedClient } from '../server/index.ts';
import type { Logger } from '../util/logger.ts';
import { createNetwork } from '../util/network/index.ts';
import { within } from '../util/within.ts';
import { zstdCompress } from '../util/zstd.ts';
import { hasAuthFlags } from './listen-options.ts';
import type { ListenFlags } from './listen-options.ts';
import { logLevel, stderrLogger } from './logger.ts';
import { describePlatform, personName } from './platform.ts';
import { StderrSink } from './stderr-sink.ts';
import { aborted, watchStopSignals } from './signals.ts';
import { serveStdio } from './stdio.ts';
import { TurnWatch } from './turn-watch.ts';
import { UsageError } from './usage-error.ts';
import { PACKAGE_VERSION } from './version.ts';

/** How long a thread stays loaded that nobody follows and in which nothing happens. */
const UNLOAD_AFTER_MS = 30 * 60 * 1_000;

export interface DaemonOptions {
  readonly configOverrides: readonly string[];
  readonly useLoopback: boolean;
  /** Where to serve and whom; standard input and output where no place is named. */
  readonly listen: ListenFlags;
  /** A web page to serve beside the WebSocket, which then tells itself where it is; absent: none. */
  readonly site?: Site;
  /** Told the URLs of the listeners, in their order, once clients can connect. */
  readonly onListening?: (urls: readonly string[]) => void;
}

/** How long running turns may take to end by themselves where clients come and go. */
const TURNS_MS = 10_000;

/** How long requests under way may take to end by themselves, and how long each step of the shutdown after it. */
const DRAIN_MS = 1_000;
const SHUTDOWN_STEP_MS = 500;

/**
 * Serves clients until standard input ends, where that is served, or a signal arrives. What is under way is drained, live
 * sessions are closed, and 0 is given. A second signal ends the process at once.
 */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  const { listen, onListening, site } = options;
  const targets = listen.listen ?? [];
  const hasStdio = targets.length === 0 || targets.some(({ kind }) => kind === 'stdio');
  const isNetworked = targets.some(({ kind }) => kind === 'webSocket' || kind === 'unix');
  if (!hasStdio && !isNetworked) throw new UsageError('no transport configured; use --listen');
  const { signal } = watchStopSignals(isNetworked ? { secondExitCode: 0 } : {});
  const variables = process.env;
  const home = resolveCodexHome(variables, homedir());
  if (!home.ok) throw new UsageError(home.message);
  const sink = new StderrSink();
  const logger = stderrLogger(logLevel(variables), sink);
  const network = createNetwork({
    environment: options.useLoopback ? withoutProxies(variables) : variables,
    logger,
  });
  logger.info({ ...network.describe() }, 'network settings');
  const loopback = options.useLoopback ? await openLoopback() : null;
  const emit: EmitCoreEvent = (event, params) => {
    server.notify(event, params);
    turns.note(event);
  };
  const core = new Core({
    codexHome: home.path,
    configOverrides: [...options.configOverrides, ...(loopback?.configOverrides ?? [])],
    variables,
    workingDirectory: process.cwd(),
    packageVersion: PACKAGE_VERSION,
    installationId: installationId(home.path),
    identity: new Identity({
      platform: describePlatform(variables),
      packageVersion: PACKAGE_VERSION,
      originatorOverride: variables['CODEX_INTERNAL_ORIGINATOR_OVERRIDE'] || null,
    }),
    userName: personName,
    ask: (question, params, asking) => server.ask(question, params, asking),
    logger,
    dial: async (request) =>
      (await import('../realtime/socket.ts')).dial({
        ...request,
        agent: network.webSocketAgent(request.url),
      }),
    responsesDial: async (request) => {
      const { webSocketDial } = await import('../responses/websocket/dial.ts');
      return webSocketDial({ agentFor: (url) => network.webSocketAgent(url) })(request);
    },
    http: withCookies(network.fetch, Date.now),
    compress: zstdCompress,
    emit,
    newId: uuidV7,
    now: Date.now,
    monotonicNow: () => performance.now(),
    unloadAfterMs: UNLOAD_AFTER_MS,
  });
  const server = new AppServer(core);
  const turns = new TurnWatch(core);
  const listeners =
    isNetworked || hasAuthFlags(listen)
      ? await openListening({ flags: listen, codexHome: home.path, site, server, logger, sink })
      : [];
  const stdio = hasStdio ? serveStdio(server, logger) : null;
  if (listeners.length > 0) onListening?.(listeners.map(({ url }) => url));
  const services = stdio === null ? listeners : [stdio, ...listeners];
  const drained = (): Promise<unknown> => Promise.all(services.map((service) => service.drained()));
  await (stdio === null ? aborted(signal) : Promise.race([stdio.ended, aborted(signal)]));
  // Whoever is connected may see the turns that run to their end, and whoever comes meanwhile is served.
  if (isNetworked) await within(TURNS_MS, turns.idle());
  stdio?.stop();
  await within(
    DRAIN_MS,
    drained().then(() => server.settled()),
  );
  await within(SHUTDOWN_STEP_MS, core.close());
  // What waited for a session that has just been closed is answered now.
  await within(SHUTDOWN_STEP_MS, drained());
  await within(SHUTDOWN_STEP_MS, network.close());
  await Promise.all(services.map((service) => service.close(SHUTDOWN_STEP_MS)));
  await within(SHUTDOWN_STEP_MS, loopback?.close() ?? Promise.resolve());
  await within(SHUTDOWN_STEP_MS, sink.flushed());
  return 0;
}

interface ListeningOptions {
  readonly flags: ListenFlags;
  readonly codexHome: string;
  readonly site: Site | undefined;
  readonly server: AppServer;
  readonly logger: Logger;
  readonly sink: StderrSink;
}

/** Loaded only where it is asked for. Tells on standard error where clients can connect. */
async function openListening({
  flags,
  codexHome,
  site,
  server,
  logger,
  sink,
}: ListeningOptions): Promise<Listener[]> {
  const { banner, openListeners } = await import('./listening.ts');
  const accept = (rpc: RpcConnection): AcceptedClient => server.accept(rpc);
  const listeners = await openListeners({ flags, codexHome, site, accept, logger });
  if (site === undefined) sink.write(banner(listeners, flags.wsAuth !== undefined));
  return listeners;
}

/** The embedded upstream is in this process; no proxy can reach it. */
function withoutProxies(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !/_proxy$/i.test(name)));
}

/** Loaded only where it is asked for. */
async function openLoopback(): Promise<{ configOverrides: string[]; close: () => Promise<void> }> {
  const { startLoopback } = await import('../loopback/index.ts');
  const { loopbackOverrides } = await import('./loopback.ts');
  const upstream = await startLoopback();
  return { configOverrides: loopbackOverrides(upstream.url), close: () => upstream.close() };
}
