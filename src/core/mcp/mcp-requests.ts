import type {
  ListMcpServerStatusParams,
  ListMcpServerStatusResponse,
  McpResourceReadParams,
  McpResourceReadResponse,
  McpServerToolCallParams,
  McpServerToolCallResponse,
} from '../../protocol/index.ts';
import type { ProcessGroups } from '../../exec/index.ts';
import { checkedConfig } from '../configuration.ts';
import type { CoreEnvironment } from '../environment.ts';
import { CoreError } from '../errors.ts';
import { callTool, readResource, readResourceOnce } from './client-calls.ts';
import { listMcpServers } from './list-servers.ts';
import type { McpServers } from './mcp-servers.ts';

/** How many requests may be under way at once: some start programs, and all wait for servers. */
const MAX_REQUESTS = 64;

export interface McpRequestsOptions {
  readonly environment: CoreEnvironment;
  readonly groups: ProcessGroups;
  /** Gives the servers of a thread. Throws `invalidThreadId` and `threadNotFound`. */
  readonly serversOf: (threadId: string) => McpServers;
}

/** What clients ask of servers themselves. Beside its own errors, every request throws `overloaded` where too many are under way. */
export class McpRequests {
  readonly #options: McpRequestsOptions;
  #running = 0;

  constructor(options: McpRequestsOptions) {
    this.#options = options;
  }

  /** The servers that new threads have, with what they offer. Throws `invalidCursor`. */
  list(params: ListMcpServerStatusParams, signal: AbortSignal): Promise<ListMcpServerStatusResponse> {
    const { environment, groups } = this.#options;
    return this.#bounded(() => listMcpServers(params, environment, groups, signal));
  }

  /**
   * Reads a resource of a thread's server, or of one that is started for it. Throws `threadNotFound`, `configurationInvalid`,
   * `mcpServerNotFound` and `mcpRequestFailed`.
   */
  readResource(
    { threadId, ...resource }: McpResourceReadParams,
    signal: AbortSignal,
  ): Promise<McpResourceReadResponse> {
    const { environment, groups, serversOf } = this.#options;
    return this.#bounded(() =>
      threadId == null
        ? readResourceOnce(checkedConfig(environment), resource, { environment, groups, signal })
        : readResource(serversOf(threadId), resource, signal),
    );
  }

  /** Calls a tool of a thread's server. Throws `threadNotFound`, `invalidInput`, `mcpServerNotFound` and `mcpRequestFailed`. */
  callTool(params: McpServerToolCallParams, signal: AbortSignal): Promise<McpServerToolCallResponse> {
    return this.#bounded(() => callTool(this.#options.serversOf(params.threadId), params, signal));
  }

  async #bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_REQUESTS) {
      throw new CoreError(
        'overloaded',
        `${MAX_REQUESTS} requests wait for MCP servers already. Retry later.`,
      );
    }
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
    }
  }
}
