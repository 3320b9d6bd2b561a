import type { ProcessGroups } from '../../exec/index.ts';
import { McpServer } from '../../mcp/index.ts';
import type { McpServerConfig } from '../config/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import { fetchBy, serverStarter } from './ports.ts';
import { refusalOf, serverSettings } from './server-settings.ts';

export interface PassingServerOptions {
  readonly environment: CoreEnvironment;
  readonly groups: ProcessGroups;
  /** Ends the server when it aborts. */
  readonly signal: AbortSignal;
}

/**
 * Starts a server that belongs to no thread, works with it, and ends it again. Nobody is asked what it wants to know. Rejects
 * with a sentence when the server cannot be started, and with what the work rejects with.
 */
export async function withServer<T>(
  name: string,
  config: McpServerConfig,
  { environment, groups, signal }: PassingServerOptions,
  work: (server: McpServer) => Promise<T>,
): Promise<T> {
  const { http, logger, packageVersion, variables, workingDirectory } = environment;
  const refusal = refusalOf(name, config, variables);
  if (refusal !== null) throw new Error(refusal);
  const server = new McpServer({
    settings: serverSettings(name, config, { cwd: workingDirectory, variables }),
    clientInfo: { name: 'parley', title: 'Parley', version: packageVersion },
    startProcess: serverStarter(groups),
    fetch: fetchBy(http),
    logger,
    onStatus: () => {},
    elicit: () => Promise.resolve({ action: 'decline', content: null, meta: null }),
  });
  const onAbort = (): void => void server.close();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    const failure = await server.start();
    if (failure !== null) throw new Error(failure);
    return await work(server);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await server.close();
  }
}
