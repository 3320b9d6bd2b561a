import { resolve } from 'node:path';
import type {
  ThreadLoadedListParams,
  ThreadLoadedListResponse,
  ThreadStartParams,
} from '../../protocol/index.ts';
import { loadConfig } from '../config/index.ts';
import type { Config } from '../config/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import { CoreError } from '../errors.ts';
import { resolveProvider } from '../provider/index.ts';
import { parseThreadId } from './thread-id.ts';
import { Thread } from './thread.ts';
import type { ThreadOptions } from './thread.ts';

/** What threads share. */
export type ThreadServices = Pick<ThreadOptions, 'account' | 'auth' | 'models'>;

/** The threads that are loaded. */
export class Threads {
  readonly #environment: CoreEnvironment;
  readonly #services: ThreadServices;
  readonly #loaded = new Map<string, Thread>();

  constructor(environment: CoreEnvironment, services: ThreadServices) {
    this.#environment = environment;
    this.#services = services;
  }

  /** Creates a thread. Throws `configurationInvalid`; `threadStarted` is for the caller to emit. */
  start(params: ThreadStartParams): Thread {
    const { workingDirectory } = this.#environment;
    const config = this.#config(params);
    const provider = resolveProvider(config, this.#environment.variables);
    if (!provider.ok) throw configurationInvalid(provider.message);
    const thread = new Thread({
      environment: this.#environment,
      ...this.#services,
      config,
      provider: provider.provider,
      cwd: resolve(workingDirectory, params.cwd ?? '.'),
      isEphemeral: params.ephemeral ?? false,
      threadSource: params.threadSource ?? null,
    });
    this.#loaded.set(thread.id, thread);
    return thread;
  }

  /** Throws `invalidThreadId` and `threadNotFound`. */
  get(threadId: string): Thread {
    const id = parseThreadId(threadId);
    const thread = this.#loaded.get(id);
    if (thread === undefined) throw new CoreError('threadNotFound', `thread not found: ${id}`);
    return thread;
  }

  /** Throws `invalidThreadId`. */
  isLoaded(threadId: string): boolean {
    return this.#loaded.has(parseThreadId(threadId));
  }

  /** Ids in ascending order, page by page; the cursor is the last id of the page before. Throws `invalidCursor`. */
  list({ cursor, limit }: ThreadLoadedListParams): ThreadLoadedListResponse {
    const after = cursor === null || cursor === undefined ? '' : parseCursor(cursor);
    const ids = [...this.#loaded.keys()].toSorted().filter((id) => id > after);
    const data = limit === null || limit === undefined ? ids : ids.slice(0, Math.max(limit, 1));
    return { data, nextCursor: data.length < ids.length ? (data.at(-1) ?? null) : null };
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#loaded.values()].map((thread) => thread.close()));
  }

  #config(params: ThreadStartParams): Config {
    const outcome = loadConfig({
      codexHome: this.#environment.codexHome,
      overrides: this.#environment.configOverrides,
      threadConfig: params.config,
      typed: { ...params, sandboxMode: params.sandbox },
    });
    if (!outcome.ok) throw configurationInvalid(outcome.error.message);
    return outcome.config;
  }
}

function parseCursor(cursor: string): string {
  try {
    return parseThreadId(cursor);
  } catch (error) {
    throw new CoreError('invalidCursor', `invalid cursor: ${cursor}`, { cause: error });
  }
}

function configurationInvalid(cause: string): CoreError {
  return new CoreError('configurationInvalid', `failed to load configuration: ${cause}`);
}
