import type { ProcessGroups } from '../../exec/index.ts';
import type { ElicitationAnswer, ElicitationRequest, McpTool } from '../../mcp/index.ts';
import type { McpServerStatusUpdatedNotification } from '../../protocol/index.ts';
import { abortable } from '../../util/abortable.ts';
import type { Config, McpServerConfig } from '../config/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import { CoreError } from '../errors.ts';
import type { Tool } from '../tools/tool.ts';
import { askElicitation, DECLINED } from './elicitation.ts';
import type { ElicitationWays } from './elicitation.ts';
import { mcpTool } from './mcp-tool.ts';
import { OpenQuestions } from './open-questions.ts';
import { resourceTools } from './resource-tools.ts';
import { serverNotFound } from './server-not-found.ts';
import { ThreadServer } from './thread-server.ts';
import { toolNames } from './tool-names.ts';

/** How many tools of servers a model is told of at most, and how long the schema of one may be, in characters. */
const MAX_TOOLS = 128;
const MAX_SCHEMA_LENGTH = 65_536;

export interface McpServersOptions extends Omit<ElicitationWays, 'ask'> {
  readonly threadId: string;
  readonly config: Pick<Config, 'mcpServers'>;
  readonly environment: CoreEnvironment;
  readonly groups: ProcessGroups;
  /** Absolute. */
  readonly cwd: string;
  /** Tells the user something about the thread. */
  readonly warn: (message: string) => void;
}

type StatusUpdate = Pick<McpServerStatusUpdatedNotification, 'error' | 'name' | 'status'>;

/** The servers of one thread, which start with it and end with `close`. */
export class McpServers {
  readonly #options: McpServersOptions;
  #servers: readonly ThreadServer[];
  /** What clients are told when they follow the thread; null once they do. */
  #untold: StatusUpdate[] | null = [];
  /** Servers that are not the thread's any more. */
  readonly #ending = new Set<Promise<void>>();
  /** What the servers are to be; null as they are. */
  #next: Config['mcpServers'] | null = null;
  readonly #questions = new OpenQuestions();
  /** The servers of which it was logged that they ask too much. */
  readonly #tooCurious = new Set<string>();
  #isClosed = false;
  #hasWarned = false;

  constructor(options: McpServersOptions) {
    this.#options = options;
    this.#servers = enabledOf(options.config.mcpServers).map(([name, config]) => this.#create(name, config));
    for (const server of this.#servers) server.begin();
  }

  /** Whether there is no server to wait for. */
  get isEmpty(): boolean {
    return this.#servers.length === 0;
  }

  /** Whether the thread cannot do without one of them. */
  get hasRequired(): boolean {
    return this.#servers.some(({ config }) => config.required);
  }

  /** Resolves, when all required servers have started or failed, with why those failed; null where none has. */
  async requiredFailure(): Promise<string | null> {
    const required = this.#servers.filter(({ config }) => config.required);
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
    await abortable(Promise.all(this.#servers.map((server) => server.started)), signal);
  }

  /** The tools that the agent is offered: those for resources, then the servers' own, in the order of the configuration. */
  tools(): readonly Tool[] {
    if (this.isEmpty) return [];
    return [...resourceTools(this.#servers, (name) => this.find(name)), ...this.#serverTools()];
  }

  /** Gives a server that can be asked. Throws `mcpServerNotFound`, and `mcpRequestFailed` for one that cannot even be tried. */
  find(name: string): ThreadServer {
    const found = this.#servers.find((server) => server.name === name);
    if (found === undefined) {
      throw serverNotFound(
        name,
        this.#servers.map((server) => server.name),
      );
    }
    if (found.refusal !== null) throw new CoreError('mcpRequestFailed', found.refusal);
    return found;
  }

  /** What `reload` is to take over. */
  prepare({ mcpServers }: Pick<Config, 'mcpServers'>): void {
    this.#next = mcpServers;
  }

  /**
   * Takes over what was prepared, if anything. A server that is reached as before goes on, and one that has failed is tried again;
   * the others end, and start anew where they are still there.
   */
  reload(): void {
    const servers = this.#next;
    this.#next = null;
    if (servers === null || this.#isClosed) return;
    const before = new Map(this.#servers.map((server) => [server.name, server]));
    this.#servers = enabledOf(servers).map(([name, config]) => {
      const server = before.get(name);
      if (server === undefined) return this.#started(name, config, null);
      before.delete(name);
      if (!server.isReachedBy(config)) return this.#started(name, config, this.#end(server));
      server.config = config;
      if (server.refusal === null) server.begin();
      return server;
    });
    for (const server of before.values()) void this.#end(server);
  }

  /** Ends all servers. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#ending, ...this.#servers.map((server) => server.close())]);
  }

  #create(name: string, config: McpServerConfig): ThreadServer {
    const { cwd, environment, groups } = this.#options;
    return new ThreadServer({
      name,
      config,
      environment,
      groups,
      cwd,
      onStatus: (status, error) => this.#update({ name, status, error }),
      elicit: (turnId, request, signal) => this.#elicit(name, turnId, request, signal),
    });
  }

  #started(name: string, config: McpServerConfig, after: Promise<void> | null): ThreadServer {
    const server = this.#create(name, config);
    server.begin(after);
    return server;
  }

  #end(server: ThreadServer): Promise<void> {
    const ended = server.close().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
    return ended;
  }

  #serverTools(): readonly Tool[] {
    const offered = this.#servers.flatMap((server) => server.tools.map((tool) => ({ server, tool })));
    const kept = offered.filter(({ tool }) => hasFittingSchema(tool)).slice(0, MAX_TOOLS);
    if (kept.length < offered.length) this.#warnOfTools(offered.length - kept.length);
    const names = toolNames(kept.map(({ server, tool }) => ({ server: server.name, tool: tool.name })));
    return kept.map(({ server, tool }, index) => mcpTool({ name: names[index] ?? '', tool, server }));
  }

  /** What would be one question too many is declined. */
  async #elicit(
    serverName: string,
    turnId: string | null,
    request: ElicitationRequest,
    signal: AbortSignal,
  ): Promise<ElicitationAnswer> {
    const { environment, threadId } = this.#options;
    const elicitation = { threadId, turnId, serverName, request };
    const ways = { ...this.#options, ask: environment.ask };
    const answer = await this.#questions.during(serverName, () => askElicitation(elicitation, ways, signal));
    if (answer !== null) return answer;
    if (!this.#tooCurious.has(serverName)) {
      this.#tooCurious.add(serverName);
      environment.logger.warn({ threadId, server: serverName }, 'MCP server asks too much at a time');
    }
    return DECLINED;
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

function enabledOf(servers: Config['mcpServers']): (readonly [string, McpServerConfig])[] {
  return [...servers].filter(([, { enabled }]) => enabled);
}

function hasFittingSchema({ inputSchema }: McpTool): boolean {
  return JSON.stringify(inputSchema).length <= MAX_SCHEMA_LENGTH;
}
