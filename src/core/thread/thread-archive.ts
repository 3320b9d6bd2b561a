import { errorMessage } from '../../util/errors.ts';
import type { CoreEnvironment } from '../environment.ts';
import { CoreError } from '../errors.ts';
import type { ThreadStore } from '../store/index.ts';
import { rolloutNotFound } from './record/kept-thread.ts';
import { spawnedBy } from './spawned-threads.ts';
import type { Threads } from './threads.ts';

/** Moves threads to the archive. */
export class ThreadArchive {
  readonly #environment: CoreEnvironment;
  readonly #threads: Threads;
  readonly #store: ThreadStore;

  constructor(environment: CoreEnvironment, threads: Threads, store: ThreadStore) {
    this.#environment = environment;
    this.#threads = threads;
    this.#store = store;
  }

  /** As `ThreadLibrary.archive`, for an id as `parseThreadId` gives it. */
  async archive(id: string): Promise<string[]> {
    if (!(await this.#isStored(id))) throw rolloutNotFound(id);
    const spawned = await spawnedBy(id, this.#store, this.#environment);
    const moved: string[] = [];
    if (await this.#archiveOne(id)) moved.push(id);
    for (const each of spawned) if (await this.#tryArchive(each)) moved.push(each);
    return moved;
  }

  /** Whether there is a file that is not in the archive yet. A thread that has only just begun is waited for. */
  async #isStored(id: string): Promise<boolean> {
    await this.#threads.find(id)?.flush();
    return (await this.#store.find(id))?.isArchived === false;
  }

  /** Throws `threadUnwritable`. */
  async #archiveOne(id: string): Promise<boolean> {
    const thread = this.#threads.find(id);
    if (thread !== null) await this.#threads.unload(thread);
    try {
      return (await this.#store.archive(id)) !== null;
    } catch (error) {
      const message = `thread ${id} cannot be archived: ${errorMessage(error)}`;
      throw new CoreError('threadUnwritable', message, { cause: error });
    }
  }

  /** A thread that cannot be moved stays where it is. */
  async #tryArchive(id: string): Promise<boolean> {
    try {
      return await this.#archiveOne(id);
    } catch (error) {
      this.#environment.logger.warn(
        { threadId: id, reason: errorMessage(error) },
        'a spawned thread was not archived',
      );
      return false;
    }
  }
}
