import { homedir } from 'node:os';
import type { Readable } from 'node:stream';
import { v7 as uuidV7 } from 'uuid';
import { Core, Identity, installationId, resolveCodexHome } from '../core/index.ts';
import type { EmitCoreEvent } from '../core/index.ts';
import { withCookies } from '../responses/index.ts';
import { openConnection } from '../rpc/index.ts';
import { AppServer } from '../server/index.ts';
import { createNetwork } from '../util/network/index.ts';
import { zstdCompress } from '../util/zstd.ts';
import { logLevel, stderrLogger } from './logger.ts';
import { describePlatform, personName } from './platform.ts';
import { StderrSink } from './stderr-sink.ts';
import { aborted, watchStopSignals } from './signals.ts';
import { protocolOutput } from './stdio.ts';
import { UsageError } from './usage-error.ts';
import { PACKAGE_VERSION } from './version.ts';

/** How long a thread stays loaded that nobody follows and in which nothing happens. */
const UNLOAD_AFTER_MS = 30 * 60 * 1_000;

export interface DaemonOptions {
  readonly configOverrides: readonly string[];
  readonly useLoopback: boolean;
}

/** How long what is under way may take to end by itself, and how long each step of the shutdown after it. */
const DRAIN_MS = 1_000;
const SHUTDOWN_STEP_MS = 500;

/**
 * Serves one client on standard input and output until it ends its side or a signal arrives. What is under way is
 * drained, live sessions are closed, and 0 is given. A second signal ends the process at once.
 */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  const { signal } = watchStopSignals();
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
  const emit: EmitCoreEvent = (event, params) => server.notify(event, params);
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
  const input: Readable = process.stdin;
  const connection = openConnection({ input, output: protocolOutput(), logger });
  server.accept(connection);
  await Promise.race([connection.inputEnded, connection.closed, aborted(signal)]);
  input.pause();
  await within(DRAIN_MS, connection.drained());
  await within(SHUTDOWN_STEP_MS, core.close());
  // What waited for a session that has just been closed is answered now.
  await within(SHUTDOWN_STEP_MS, connection.drained());
  await within(SHUTDOWN_STEP_MS, network.close());
  await within(SHUTDOWN_STEP_MS, connection.close());
  await within(SHUTDOWN_STEP_MS, loopback?.close() ?? Promise.resolve());
  await within(SHUTDOWN_STEP_MS, sink.flushed());
  return 0;
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

/** Waits for a step of the shutdown, but no longer than its time. */
async function within(milliseconds: number, step: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([step, timeout]);
  clearTimeout(timer);
}
