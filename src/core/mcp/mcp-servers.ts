import type { ProcessGroups } from '../../exec/index.ts';
import { McpServer } from '../../mcp/index.ts';
import type { ElicitationAnswer, ElicitationRequest, McpStatus, McpTool } from '../../mcp/index.ts';
import type { Config, McpServerConfig } from '../config/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import type { McpServerStatusUpdatedNotification } from '../../protocol/index.ts';
import type { Tool } from '../tools/tool.ts';
import { askElicitation } from './elicitation.ts';
import type { ElicitationWays } from './elicitation.ts';
import { mcpTool } from './mcp-tool.ts';
import { fetchBy, serverStarter } from './ports.ts';
import { missingTokenVariable, serverSettings } from './server-settings.ts';
import { toolNames } from './tool-names.ts';

/** How many tools of servers a model is told of at most, and how long the schema of one may be, in characters. */
const MAX_TOOLS = 128;
const MAX_SCHEMA_LENGTH = 65_536;

export interface McpServersOptions extends Omit<ElicitationWays, 'ask'> {
  readonly threadId: string;
  readonly config: Config;
  readonly environment: CoreEnvironment;
  readonly groups: ProcessGroups;
  /** Absolute. */
  readonly cwd: string;
  /** Tells the user something about the thread. */
  readonly warn: (message: string) => void;
}

type StatusUpdate = Pick<McpServerStatusUpdatedNotification, 'error' | 'name' | 'status'>;

/** One server of the thread. */
interface Entry {
  readonly server: McpServer;
  readonly config: McpServerConfig;
  /** Gives why the server could not be started, or null. */
  readonly started: Promise<string | null>;
  /** The turns whose calls it works on, the latest last. */
  readonly turns: string[];
}

/** The servers of one thread, which start with it and end with `close`. */
export class McpServers {
  readonly #options: McpServersOptions;
  readonly #entries: readonly Entry[];
  /** What clients are told when they follow the thread; null once they do. */
  #untold: StatusUpdate[] | null = [];
  readonly #started: Promise<unknown>;
  #hasWarned = false;

  constructor(options: McpServersOptions) {
    this.#options = options;
    this.#entries = [...options.config.mcpServers]
      .filter(([, { enabled }]) => enabled)
      .map(([name, config]) => this.#start(name, config));
    this.#started = Promise.all(this.#entries.map(({ started }) => started));
  }

  /** Whether there is no server to wait for. */
  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Whether the thread cannot do without one of them. */
  get hasRequired(): boolean {
    return this.#entries.some(({ config }) => config.required);
  }

  /** Resolves, when all required servers have started or failed, with why those failed; null where none has. */
  async requiredFailure(): Promise<string | null> {
    const required = this.#entries.filter(({ config }) => config.required);
    const failures = await Promise.all(required.map(({ started }) => started));
    const told = failures.filter((failure) => failure !== null);
    return told.length === 0 ? null : `required MCP servers failed to initialize: ${told.join('; ')}`;
  }

  /** Tells the thread's clients how the servers are, from now on as it happens. */
  announce(): void {
    const untold = this.#untold ?? [];
    this.#untold = null;
    for (const update of untold) this.#tell(update);
  }

  /** Resolves when every server has started or failed. Rejects when the signal aborts. */
  async settled(signal: AbortSignal): Promise<void> {
    if (this.isEmpty) return;
    let onAbort = (): void => {};
    const aborted = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(signal.reason as Error);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
    await Promise.race([this.#started, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
  }

  /** The tools that the agent is offered, in the order of the configuration. */
  tools(): readonly Tool[] {
    const offered = this.#entries.flatMap((entry) =>
      offeredTools(entry.server.tools, entry.config).map((tool) => ({ entry, tool })),
    );
    const kept = offered.filter(({ tool }) => hasFittingSchema(tool)).slice(0, MAX_TOOLS);
    if (kept.length < offered.length) this.#warnOfTools(offered.length - kept.length);
    const names = toolNames(kept.map(({ entry, tool }) => ({ server: entry.server.name, tool: tool.name })));
    return kept.map(({ entry, tool }, index) =>
      mcpTool({
        name: names[index] ?? '',
        tool,
        server: entry.server,
        isParallel: entry.config.supportsParallelToolCalls,
        during: (turnId, work) => during(entry, turnId, work),
      }),
    );
  }

  /** Ends all servers. Never rejects. */
  async close(): Promise<void> {
    await Promise.all(this.#entries.map(({ server }) => server.close()));
  }

  #start(name: string, config: McpServerConfig): Entry {
    const { cwd, environment, groups } = this.#options;
    const { http, logger, packageVersion, variables } = environment;
    const turns: string[] = [];
    const server = new McpServer({
      settings: serverSettings(name, config, { cwd, variables }),
      clientInfo: { name: 'parley', title: 'Parley', version: packageVersion },
      startProcess: serverStarter(groups),
      fetch: fetchBy(http),
      logger,
      onStatus: (status, error) => this.#update({ name, status, error }),
      elicit: (request, signal) => this.#elicit(name, turns.at(-1) ?? null, request, signal),
    });
    const missing = missingTokenVariable(config, variables);
    const started = missing === null ? server.start() : Promise.resolve(this.#refuse(name, missing));
    return { server, config, started, turns };
  }

  #refuse(name: string, variable: string): string {
    const message = `MCP server \`${name}\`: the environment variable ${variable} holds no token`;
    const statuses: readonly McpStatus[] = ['starting', 'failed'];
    for (const status of statuses) {
      this.#update({ name, status, error: status === 'failed' ? message : null });
    }
    return message;
  }

  #elicit(
    serverName: string,
    turnId: string | null,
    request: ElicitationRequest,
    signal: AbortSignal,
  ): Promise<ElicitationAnswer> {
    const { environment, threadId } = this.#options;
    const elicitation = { threadId, turnId, serverName, request };
    return askElicitation(elicitation, { ...this.#options, ask: environment.ask }, signal);
  }

  #update(update: StatusUpdate): void {
    if (this.#untold === null) this.#tell(update);
    else this.#untold.push(update);
  }

  #tell(update: StatusUpdate): void {
    const { environment, threadId } = this.#options;
    environment.emit('mcpServerStatusUpdated', { threadId, ...update });
  }

  #warnOfTools(count: number): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#options.warn(
      `${count} tools of MCP servers are not offered: at most ${MAX_TOOLS} are, and none with an input schema of more than ${MAX_SCHEMA_LENGTH} characters. \`enabled_tools\` chooses among them.`,
    );
  }
}

/** The tools of a server that the configuration lets the agent have. */
export function offeredTools(
  tools: readonly McpTool[],
  { disabledTools, enabledTools }: Pick<McpServerConfig, 'disabledTools' | 'enabledTools'>,
): McpTool[] {
  return tools.filter(
    ({ name }) => (enabledTools === null || enabledTools.includes(name)) && !disabledTools.includes(name),
  );
}

function hasFittingSchema({ inputSchema }: McpTool): boolean {
  return JSON.stringify(inputSchema).length <= MAX_SCHEMA_LENGTH;
}

async function during<T>({ turns }: Entry, turnId: string, work: () => Promise<T>): Promise<T> {
  turns.push(turnId);
  try {
    return await work();
  } finally {
    turns.splice(turns.lastIndexOf(turnId), 1);
  }
}
