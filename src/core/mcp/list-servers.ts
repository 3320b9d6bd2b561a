import type {
  ListMcpServerStatusParams,
  ListMcpServerStatusResponse,
  McpServerStatus,
} from '../../protocol/index.ts';
import type { ProcessGroups } from '../../exec/index.ts';
import type { McpServer } from '../../mcp/index.ts';
import type { Logger } from '../../util/logger.ts';
import type { McpServerConfig } from '../config/index.ts';
import { currentConfig } from '../configuration.ts';
import type { CoreEnvironment } from '../environment.ts';
import { pageOf } from '../page.ts';
import { withServer } from './passing-server.ts';
import type { PassingServerOptions } from './passing-server.ts';
import { hasCredential } from './server-settings.ts';
import { offeredTools } from './thread-server.ts';

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

interface Look extends PassingServerOptions {
  /** Whether resources are asked for as well. */
  readonly isFull: boolean;
}

async function statusOf(name: string, config: McpServerConfig, look: Look): Promise<McpServerStatus> {
  const authStatus = hasCredential(config) ? 'bearerToken' : 'unsupported';
  const nothing: McpServerStatus = { name, tools: {}, resources: [], resourceTemplates: [], authStatus };
  try {
    return await withServer(name, config, look, async (server) => {
      const limit = AbortSignal.any([look.signal, AbortSignal.timeout(config.startupTimeoutMs)]);
      const listed = look.isFull ? await resourcesOf(server, limit, look.environment.logger) : {};
      const tools = offeredTools(server.tools, config).map((tool) => [tool.name, tool] as const);
      return { ...nothing, tools: Object.fromEntries(tools), ...listed };
    });
  } catch {
    // What is wrong with a server is told to the threads that have it.
    return nothing;
  }
}

async function resourcesOf(
  server: McpServer,
  limit: AbortSignal,
  logger: Logger,
): Promise<Partial<Pick<McpServerStatus, 'resourceTemplates' | 'resources'>>> {
  try {
    const [resources, resourceTemplates] = await Promise.all([
      server.listResources(limit),
      server.listResourceTemplates(limit),
    ]);
    return { resources, resourceTemplates };
  } catch {
    logger.warn({ server: server.name }, 'MCP resources not listed');
    return {};
  }
}
