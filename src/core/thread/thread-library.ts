import { resolve } from 'node:path';
import type {
  Thread as ThreadView,
  ThreadListParams,
  ThreadListResponse,
  ThreadMemoryMode,
  ThreadMetadataGitInfoUpdateParams,
  ThreadReadParams,
  ThreadTurnsItemsListParams,
  ThreadTurnsItemsListResponse,
  ThreadTurnsListParams,
  ThreadTurnsListResponse,
  Turn,
} from '../../protocol/index.ts';
import { currentConfig } from '../configuration.ts';
import type { CoreEnvironment } from '../environment.ts';
import { CoreError } from '../errors.ts';
import { settled } from '../rollout/index.ts';
import type { StoredGit } from '../rollout/index.ts';
import type { ListedThread, ThreadStore } from '../store/index.ts';
import { checkGitChange, withGitChange } from './git-change.ts';
import { pageOfItems } from './item-page.ts';
import { noRollout, readThreadFile } from './record/kept-thread.ts';
import type { ThreadFile } from './record/kept-thread.ts';
import { tellListProblems } from './list-problems.ts';
import { recordMeta } from './record/meta-record.ts';
import type { MetaChange } from './record/meta-record.ts';
import { ThreadArchive } from './thread-archive.ts';
import { parseThreadId } from './thread-id.ts';
import { readPast } from './thread-past.ts';
import { threadView } from './thread-view.ts';
import type { Thread } from './thread.ts';
import type { Threads } from './threads.ts';
import { pageOfTurns, viewOfTurn } from './turn-page.ts';

/** All threads of this home, whether they are loaded or not. */
export class ThreadLibrary {
  readonly #environment: CoreEnvironment;
  readonly #threads: Threads;
  readonly #store: ThreadStore;
  readonly #archive: ThreadArchive;

  constructor(environment: CoreEnvironment, threads: Threads, store: ThreadStore) {
    this.#environment = environment;
    this.#threads = threads;
    this.#store = store;
    this.#archive = new ThreadArchive(environment, threads, store);
  }

  /** One page of threads. Files that are no threads are told of once, and left out. Throws `invalidCursor`. */
  async list(params: ThreadListParams): Promise<ThreadListResponse> {
    const { workingDirectory } = this.#environment;
    const { archived, cursor, cwd, limit, modelProviders, searchTerm, sortDirection, sortKey, sourceKinds } =
      params;
    const defaultProvider = currentConfig(this.#environment).modelProvider;
    const page = await this.#store.list({
      cursor: cursor ?? null,
      limit: limit ?? null,
      sortKey: sortKey ?? 'created_at',
      sortDirection: sortDirection ?? 'desc',
      providers:
        modelProviders == null ? [defaultProvider] : modelProviders.length === 0 ? null : modelProviders,
      defaultProvider,
      sourceKinds: sourceKinds ?? [],
      archived: archived ?? false,
      cwds: cwd == null ? null : [cwd].flat().map((each) => resolve(workingDirectory, each)),
      searchTerm: searchTerm ?? null,
    });
    tellListProblems(this.#environment, page.problems);
    const data = await Promise.all(page.data.map((listed) => this.#listedView(listed, defaultProvider)));
    return { data, nextCursor: page.nextCursor, backwardsCursor: page.backwardsCursor };
  }

  /** Throws `rolloutNotFound`, `threadUnreadable` and `turnsUnavailable`. */
  async read({
    includeTurns,
    threadId,
  }: Pick<ThreadReadParams, 'includeTurns' | 'threadId'>): Promise<ThreadView> {
    const thread = this.#threads.find(threadId);
    if (thread === null) return this.#fileView(await this.#file(threadId, includeTurns), includeTurns);
    return thread.readView(includeTurns ? await this.#turnsOf(thread) : []);
  }

  /** Turns by pages, newest first unless asked otherwise. Throws `invalidCursor` and as `read` does. */
  async listTurns(params: ThreadTurnsListParams): Promise<ThreadTurnsListResponse> {
    const turns = await this.#turns(params.threadId);
    const page = pageOfTurns(turns, params);
    return { ...page, data: page.data.map((turn) => viewOfTurn(turn, params.itemsView ?? 'summary')) };
  }

  /** The items of one turn by pages, oldest first unless asked otherwise. Throws `invalidCursor` and `turnNotFound`. */
  async listItems(params: ThreadTurnsItemsListParams): Promise<ThreadTurnsItemsListResponse> {
    const turns = await this.#turns(params.threadId);
    const turn = turns.find(({ id }) => id === params.turnId);
    if (turn === undefined) throw new CoreError('turnNotFound', `turn not found: ${params.turnId}`);
    return pageOfItems(turn.items, params);
  }

  /**
   * Ends a thread here, if it is loaded, and moves its file to the archive, and the files of the threads that it spawned.
   * Gives the ids of all that were moved, in the order in which clients are told. Throws `rolloutNotFound` and
   * `threadUnwritable`.
   */
  archive(threadId: string): Promise<string[]> {
    return this.#archive.archive(parseThreadId(threadId));
  }

  /** Moves a thread's file back from the archive. Throws `rolloutNotFound`. */
  async unarchive(threadId: string): Promise<ThreadView> {
    const id = parseThreadId(threadId);
    const thread = this.#threads.find(id);
    await thread?.flush();
    const path = await this.#store.unarchive(id);
    if (path === null) throw noRollout(`no archived rollout found for thread id ${id}`);
    thread?.moveTo(path);
    return this.#fileView(await readThreadFile(path, { turns: false }), false);
  }

  /** Throws `invalidInput` and `rolloutNotFound`. */
  async setName(threadId: string, name: string): Promise<{ threadId: string; threadName: string }> {
    const id = parseThreadId(threadId);
    const threadName = name.trim();
    if (threadName === '') throw new CoreError('invalidInput', 'thread name must not be empty');
    const thread = this.#threads.find(id);
    if (thread === null) await this.#path(id, 'not found');
    if (thread !== null) thread.name = threadName;
    if (thread?.path !== null) {
      thread?.keep();
      await this.#store.setName(id, threadName);
    }
    return { threadId: id, threadName };
  }

  /** Changes what is kept of the repository that a thread works in. Throws `invalidInput` and `rolloutNotFound`. */
  async updateGit(threadId: string, change: ThreadMetadataGitInfoUpdateParams | null): Promise<ThreadView> {
    const id = parseThreadId(threadId);
    checkGitChange(change);
    await this.#changeMeta(id, (git) => ({ git: withGitChange(git, change) }));
    return this.read({ threadId: id, includeTurns: false });
  }

  /** Keeps whether what happens in a thread may be remembered beyond it. Throws `invalidInput` and `rolloutNotFound`. */
  async setMemoryMode(threadId: string, mode: ThreadMemoryMode): Promise<void> {
    await this.#changeMeta(parseThreadId(threadId), () => ({ memory_mode: mode }));
  }

  async #changeMeta(id: string, changeOf: (git: StoredGit | null) => MetaChange): Promise<void> {
    const thread = this.#threads.find(id);
    if (thread?.path === null) {
      throw new CoreError('invalidInput', 'nothing is kept of an ephemeral thread');
    }
    if (thread !== null) {
      thread.changeMeta(changeOf(thread.git));
      await thread.flush();
      return;
    }
    const path = await this.#path(id, 'not found');
    const { meta } = (await readThreadFile(path, { turns: false })).stored;
    await recordMeta(path, meta, changeOf(meta.git ?? null), this.#environment);
  }

  async #turns(threadId: string): Promise<Turn[]> {
    const thread = this.#threads.find(threadId);
    if (thread !== null) return this.#turnsOf(thread);
    return settled((await this.#file(threadId, true)).stored.turns);
  }

  async #turnsOf(thread: Thread): Promise<Turn[]> {
    if (thread.path === null) {
      throw new CoreError('turnsUnavailable', 'ephemeral threads do not support includeTurns');
    }
    if (!thread.isKept) {
      const message = `thread ${thread.id} is not materialized yet; includeTurns is unavailable before first user message`;
      throw new CoreError('turnsUnavailable', message);
    }
    return (await readPast(thread, { turns: true })).turns;
  }

  async #file(threadId: string, turns: boolean): Promise<ThreadFile> {
    return readThreadFile(await this.#path(parseThreadId(threadId), 'not loaded'), { turns });
  }

  /** Where a thread is kept that is not loaded. `trouble` is what is said of one that is not kept either. */
  async #path(id: string, trouble: 'not found' | 'not loaded'): Promise<string> {
    const found = await this.#store.find(id);
    if (found === null) throw noRollout(`thread ${trouble}: ${id}`);
    return found.path;
  }

  async #fileView(
    { createdAt, path, stored, updatedAt }: ThreadFile,
    hasTurns: boolean,
  ): Promise<ThreadView> {
    const { meta, preview } = stored;
    const facts = {
      meta,
      modelProvider: meta.model_provider ?? currentConfig(this.#environment).modelProvider,
      path,
      preview,
      name: (await this.#store.nameOf(meta.id)) ?? stored.name,
      createdAt,
      updatedAt,
    };
    return threadView(facts, this.#threads.statusOf(meta.id), hasTurns ? settled(stored.turns) : []);
  }

  async #listedView(listed: ListedThread, defaultProvider: string): Promise<ThreadView> {
    const { createdAtMs, head, path, threadId, updatedAtMs } = listed;
    const thread = this.#threads.find(threadId);
    const meta = thread === null ? await this.#store.metaOf(listed) : { ...head.meta, git: thread.git };
    const facts = {
      meta,
      modelProvider: head.meta.model_provider ?? defaultProvider,
      path,
      preview: head.preview,
      name: await this.#store.nameOf(threadId),
      createdAt: createdAtMs,
      updatedAt: updatedAtMs,
    };
    return threadView(facts, this.#threads.statusOf(threadId));
  }
}
