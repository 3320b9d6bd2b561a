import type {
  ListMcpServerStatusParams,
  ListMcpServerStatusResponse,
  McpServerStatus,
} from '../../protocol/index.ts';
import type { ProcessGroups } from '../../exec/index.ts';
import { McpServer } from '../../mcp/index.ts';
import type { McpServerConfig } from '../config/index.ts';
import { currentConfig } from '../configuration.ts';
import type { CoreEnvironment } from '../environment.ts';
import { pageOf } from '../page.ts';
import { offeredTools } from './mcp-servers.ts';
import { fetchBy, serverStarter } from './ports.ts';
import { hasCredential, missingTokenVariable, serverSettings } from './server-settings.ts';

/**
 * The servers of the configuration that a thread would start from, page by page, by name, with what they offer. Those of the page
 * that are enabled are started for this and ended again; one that cannot be started offers nothing. Throws `invalidCursor`.
 */
export async function listMcpServers(
  params: ListMcpServerStatusParams,
  environment: CoreEnvironment,
  groups: ProcessGroups,
  signal: AbortSignal,
): Promise<ListMcpServerStatusResponse> {
  const servers = [...currentConfig(environment).mcpServers].toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  );
  const { data, nextCursor } = pageOf(servers, params);
  const isFull = params.detail !== 'toolsAndAuthOnly';
  const look = { environment, groups, signal, isFull };
  return { data: await Promise.all(data.map(([name, config]) => statusOf(name, config, look))), nextCursor };
}

interface Look {
  readonly environment: CoreEnvironment;
  readonly groups: ProcessGroups;
  readonly signal: AbortSignal;
  /** Whether resources are asked for as well. */
  readonly isFull: boolean;
}

async function statusOf(name: string, config: McpServerConfig, look: Look): Promise<McpServerStatus> {
  const { environment, groups, isFull } = look;
  const { http, logger, packageVersion, variables, workingDirectory } = environment;
  const authStatus = hasCredential(config) ? 'bearerToken' : 'unsupported';
  const nothing: McpServerStatus = { name, tools: {}, resources: [], resourceTemplates: [], authStatus };
  if (!config.enabled || missingTokenVariable(config, variables) !== null) return nothing;
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
  look.signal.addEventListener('abort', onAbort, { once: true });
  try {
    if ((await server.start()) !== null) return nothing;
    const limit = AbortSignal.any([look.signal, AbortSignal.timeout(config.startupTimeoutMs)]);
    const none = { resources: [], resourceTemplates: [] };
    const listed = isFull ? await server.listResources(limit).catch(() => none) : none;
    const tools = offeredTools(server.tools, config).map((tool) => [tool.name, tool] as const);
    return { ...nothing, tools: Object.fromEntries(tools), ...listed };
  } finally {
    look.signal.removeEventListener('abort', onAbort);
    await server.close();
  }
}
