import type {
  McpResourceReadParams,
  McpResourceReadResponse,
  McpServerToolCallParams,
  McpServerToolCallResponse,
} from '../../protocol/index.ts';
import { errorMessage } from '../../util/errors.ts';
import { isNestedDeeper } from '../../util/nesting.ts';
import type { Config } from '../config/index.ts';
import { CoreError } from '../errors.ts';
import { DEEPEST_ARGUMENT } from '../tools/parameters.ts';
import type { McpServers } from './mcp-servers.ts';
import { withServer } from './passing-server.ts';
import type { PassingServerOptions } from './passing-server.ts';
import { serverNotFound } from './server-not-found.ts';
import { isToolEnabled } from './thread-server.ts';

type Resource = Pick<McpResourceReadParams, 'server' | 'uri'>;

/** Reads a resource of a thread's server for a client. Throws `mcpServerNotFound` and `mcpRequestFailed`. */
export async function readResource(
  servers: McpServers,
  { server, uri }: Resource,
  signal: AbortSignal,
): Promise<McpResourceReadResponse> {
  const found = servers.find(server);
  const contents = await found
    .during(null, () => found.server.readResource(uri, signal))
    .catch(requestFailed);
  return { contents };
}

/** The same from a server of a configuration, which is started for it. */
export async function readResourceOnce(
  { mcpServers }: Pick<Config, 'mcpServers'>,
  { server, uri }: Resource,
  options: PassingServerOptions,
): Promise<McpResourceReadResponse> {
  const config = mcpServers.get(server);
  if (config === undefined) throw serverNotFound(server, [...mcpServers.keys()]);
  const contents = await withServer(server, config, options, (found) =>
    found.readResource(uri, options.signal),
  ).catch(requestFailed);
  return { contents };
}

/**
 * Calls a tool of a thread's server for a client. Nothing of it is shown in the thread, and no model hears of it. Throws
 * `mcpServerNotFound`, `invalidInput` and `mcpRequestFailed`.
 */
export async function callTool(
  servers: McpServers,
  params: McpServerToolCallParams,
  signal: AbortSignal,
): Promise<McpServerToolCallResponse> {
  const { server: name, tool } = params;
  const found = servers.find(name);
  if (!isToolEnabled(tool, found.config)) {
    throw new CoreError('mcpRequestFailed', `MCP server \`${name}\`: the tool \`${tool}\` is not enabled`);
  }
  const args = recordOf('arguments', params.arguments) ?? {};
  const meta = recordOf('_meta', params._meta);
  const call = { tool, args, meta, signal, onProgress: () => {} };
  const result = await found.during(null, () => found.server.call(call)).catch(requestFailed);
  return {
    content: result.content,
    ...(result.structuredContent === undefined ? {} : { structuredContent: result.structuredContent }),
    ...(result.isError === undefined ? {} : { isError: result.isError }),
    ...(result._meta === undefined ? {} : { _meta: result._meta }),
  };
}

function requestFailed(error: unknown): never {
  throw new CoreError('mcpRequestFailed', errorMessage(error), { cause: error });
}

/** Null is as good as absent. */
function recordOf(name: string, value: unknown): Readonly<Record<string, unknown>> | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new CoreError('invalidInput', `${name} must be an object`);
  }
  if (isNestedDeeper(value, DEEPEST_ARGUMENT)) {
    throw new CoreError('invalidInput', `${name} must not be nested more than ${DEEPEST_ARGUMENT} deep`);
  }
  return value as Readonly<Record<string, unknown>>;
}
