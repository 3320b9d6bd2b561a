import { isDeepStrictEqual } from 'node:util';
import type { ProcessGroups } from '../../exec/index.ts';
import { McpServer } from '../../mcp/index.ts';
import type {
  ElicitationAnswer,
  ElicitationRequest,
  McpServerSettings,
  McpStatus,
  McpTool,
} from '../../mcp/index.ts';
import type { McpServerConfig } from '../config/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import { fetchBy, serverStarter } from './ports.ts';
import { refusalOf, serverSettings } from './server-settings.ts';

export interface ThreadServerOptions {
  readonly name: string;
  readonly config: McpServerConfig;
  readonly environment: CoreEnvironment;
  readonly groups: ProcessGroups;
  /** Absolute. */
  readonly cwd: string;
  /** Hears of every change, with a sentence for the user where the server failed. */
  readonly onStatus: (status: McpStatus, error: string | null) => void;
  /** Asks the user on behalf of a turn, or of none that is known. Rejects when the signal aborts. */
  readonly elicit: (
    turnId: string | null,
    request: ElicitationRequest,
    signal: AbortSignal,
  ) => Promise<ElicitationAnswer>;
}

/** One server of a thread. It starts with `begin`. */
export class ThreadServer {
  readonly #options: ThreadServerOptions;
  readonly #settings: McpServerSettings;
  /** For each call that it works on its turn, or null for a client's own; the latest last. */
  readonly #callers: (string | null)[] = [];
  readonly server: McpServer;
  /** What the configuration says of it now. */
  config: McpServerConfig;
  /** Gives why the server could not be started when that was tried last, or null. */
  started: Promise<string | null> = Promise.resolve(null);

  constructor(options: ThreadServerOptions) {
    const { config, cwd, elicit, environment, groups, name, onStatus } = options;
    const { http, logger, packageVersion, variables } = environment;
    this.#options = options;
    this.#settings = serverSettings(name, config, { cwd, variables });
    this.config = config;
    this.server = new McpServer({
      settings: this.#settings,
      clientInfo: { name: 'parley', title: 'Parley', version: packageVersion },
      startProcess: serverStarter(groups),
      fetch: fetchBy(http),
      logger,
      onStatus,
      elicit: (request, signal) => elicit(this.#caller, request, signal),
    });
  }

  get name(): string {
    return this.#options.name;
  }

  /** Why the server cannot even be tried; null where it can. */
  get refusal(): string | null {
    return refusalOf(this.name, this.config, this.#options.environment.variables);
  }

  /** The tools that the agent is offered. */
  get tools(): readonly McpTool[] {
    return offeredTools(this.server.tools, this.config);
  }

  /** Whether a server with this configuration is reached in the same way, so that it need not be started anew. */
  isReachedBy(config: McpServerConfig): boolean {
    const { cwd, environment, name } = this.#options;
    const settings = serverSettings(name, config, { cwd, variables: environment.variables });
    return isDeepStrictEqual(settings, this.#settings);
  }

  /** Starts the server, or tries again to start one that has failed, when something else is over. */
  begin(after: Promise<void> | null = null): void {
    this.started = after === null ? this.#start() : after.then(() => this.#start());
  }

  /** Does work while the server may ask about it on behalf of a turn; null is that of a client, which belongs to none. */
  async during<T>(turnId: string | null, work: () => Promise<T>): Promise<T> {
    this.#callers.push(turnId);
    try {
      return await work();
    } finally {
      this.#callers.splice(this.#callers.lastIndexOf(turnId), 1);
    }
  }

  /** Ends the server. Never rejects. */
  close(): Promise<void> {
    return this.server.close();
  }

  /** The turn that a question comes from: which call it is about cannot be told, so there is none while a client's is among them. */
  get #caller(): string | null {
    return this.#callers.includes(null) ? null : (this.#callers.at(-1) ?? null);
  }

  #start(): Promise<string | null> {
    const { refusal } = this;
    if (refusal === null) return this.server.start();
    const { onStatus } = this.#options;
    onStatus('starting', null);
    onStatus('failed', refusal);
    return Promise.resolve(refusal);
  }
}

/** The tools of a server that the configuration lets the agent have. */
export function offeredTools(tools: readonly McpTool[], config: McpServerConfig): McpTool[] {
  return tools.filter(({ name }) => isToolEnabled(name, config));
}

export function isToolEnabled(
  tool: string,
  { disabledTools, enabledTools }: Pick<McpServerConfig, 'disabledTools' | 'enabledTools'>,
): boolean {
  return (enabledTools === null || enabledTools.includes(tool)) && !disabledTools.includes(tool);
}
