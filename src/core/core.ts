import { join } from 'node:path';
import { ProcessGroups, Sandbox } from '../exec/index.ts';
import { AuthStore } from './auth/index.ts';
import { Account } from './account.ts';
import type { CoreEnvironment } from './environment.ts';
import { ImageReader, loadSharp } from './images/index.ts';
import { McpRequests } from './mcp/index.ts';
import { ModelCatalogue, modelsSource } from './models/index.ts';
import { ThreadStore } from './store/index.ts';
import { ThreadLibrary } from './thread/thread-library.ts';
import { Threads } from './thread/threads.ts';

/** Everything the daemon holds, under one lifetime. */
export class Core {
  readonly #groups: ProcessGroups;
  readonly environment: CoreEnvironment;
  readonly account: Account;
  readonly models: ModelCatalogue;
  /** The threads that are loaded. */
  readonly threads: Threads;
  /** All threads, loaded or not. */
  readonly library: ThreadLibrary;
  /** What clients ask of MCP servers themselves. */
  readonly mcp: McpRequests;

  constructor(environment: CoreEnvironment) {
    const auth = new AuthStore({ codexHome: environment.codexHome });
    this.environment = environment;
    // Commands may never write in the folder of settings, but for a root that is named in it.
    this.#groups = new ProcessGroups({ privateFolder: join(environment.codexHome, 'tmp') });
    this.account = new Account(environment, auth);
    this.models = new ModelCatalogue({
      source: () => modelsSource(environment, auth),
      transport: environment.http,
      logger: environment.logger,
      now: environment.monotonicNow,
    });
    const { codexHome, logger, now } = environment;
    const store = new ThreadStore({ codexHome, logger, now });
    const sandbox = new Sandbox({ groups: this.#groups, path: environment.variables['PATH'] ?? '' });
    const images = new ImageReader(loadSharp);
    const services = {
      account: this.account,
      auth,
      groups: this.#groups,
      images,
      models: this.models,
      sandbox,
      store,
    };
    this.threads = new Threads(environment, services);
    this.library = new ThreadLibrary(environment, this.threads, store);
    this.mcp = new McpRequests({
      environment,
      groups: this.#groups,
      serversOf: (threadId) => this.threads.get(threadId).equipment.servers,
    });
  }

  /** Ends every thread. Idempotent. */
  async close(): Promise<void> {
    this.models.close();
    await this.threads.closeAll();
    await this.#groups.endAll();
  }
}
