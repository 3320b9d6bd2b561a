import type { AskForApproval, ThreadActiveFlag } from '../../protocol/index.ts';
import type { ProcessGroups, Sandbox } from '../../exec/index.ts';
import { credentialVariables } from '../config/index.ts';
import type { Config } from '../config/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import type { ImageReader } from '../images/index.ts';
import { ProjectInstructions } from '../instructions/index.ts';
import { McpServers } from '../mcp/index.ts';
import type { SessionMeta } from '../rollout/index.ts';
import { ThreadSkills } from '../skills/index.ts';
import { commandVariables, dynamicTool, Workbench } from '../tools/index.ts';
import type { Tool } from '../tools/index.ts';

export interface EquipmentOptions {
  readonly meta: SessionMeta;
  readonly environment: CoreEnvironment;
  /** The processes of all threads. */
  readonly groups: ProcessGroups;
  readonly images: ImageReader;
  readonly sandbox: Sandbox;
  readonly config: Config;
  /** Reads the configuration again, as it was read for the thread. Throws `configurationInvalid`. */
  readonly readConfig: () => Config;
  /** Absolute: where turns work until one says otherwise. */
  readonly cwd: string;
  readonly approvalPolicy: () => AskForApproval;
  /** Called when it begins and ends that somebody is asked. */
  readonly onWaiting: (flag: ThreadActiveFlag, isWaiting: boolean) => void;
  /** Tells the user something. */
  readonly warn: (message: string) => void;
}

/** What the agent of one thread works with and goes by: instructions, skills, servers, tools and their workbench. */
export class Equipment {
  readonly #options: EquipmentOptions;
  readonly #ownTools: readonly Tool[];
  readonly instructions: ProjectInstructions;
  readonly skills: ThreadSkills;
  readonly servers: McpServers;
  readonly workbench: Workbench;

  constructor(options: EquipmentOptions) {
    const { config, cwd, environment, groups, meta, onWaiting, sandbox, warn } = options;
    this.#options = options;
    this.instructions = new ProjectInstructions({
      codexHome: environment.codexHome,
      cwd,
      maxBytes: config.projectDocMaxBytes,
    });
    this.skills = new ThreadSkills({ sources: environment, settings: config.skills });
    this.servers = new McpServers({
      threadId: meta.id,
      config,
      environment,
      groups,
      cwd,
      approvalPolicy: options.approvalPolicy,
      onWaiting: (isWaiting) => onWaiting('waitingOnApproval', isWaiting),
      warn,
    });
    this.workbench = new Workbench({
      groups,
      images: options.images,
      sandbox,
      ask: environment.ask,
      codexHome: environment.codexHome,
      commandVariables: commandVariables({
        variables: environment.variables,
        settings: config.shellEnvironment,
        credentials: credentialVariables(config),
      }),
      onWaiting,
      warn,
    });
    this.#ownTools = (meta.dynamic_tools ?? []).map((spec) => dynamicTool(spec, environment.ask));
  }

  /** Tools besides the built-in ones: those of the servers, then those that a client has brought. */
  moreTools(): readonly Tool[] {
    return [...this.servers.tools(), ...this.#ownTools];
  }

  /**
   * Resolves with why the thread cannot do what it is configured to need; null where there is nothing, which is the case at once
   * where nothing is needed.
   */
  startFailure(): Promise<string | null> | null {
    return this.servers.hasRequired ? this.servers.requiredFailure() : null;
  }

  /** Reads the configuration again, as it was read for the thread. Throws `configurationInvalid`. */
  readConfig(): Config {
    return this.#options.readConfig();
  }

  /** Tells the user what is not told yet of servers, and of files with instructions or rules that cannot be used. */
  tellWarnings(): void {
    this.servers.announce();
    for (const message of this.instructions.takeWarnings()) this.#options.warn(message);
    this.workbench.rules.tellFaults();
  }

  /** Ends the servers. Resolves when they have ended. */
  close(): Promise<void> {
    return this.servers.close();
  }
}
