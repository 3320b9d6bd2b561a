import { resolve } from 'node:path';
import type {
  SessionSource,
  Thread as ThreadView,
  ThreadItem,
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
import { errorMessage } from '../../util/errors.ts';
import { currentConfig } from '../configuration.ts';
import type { CoreEnvironment } from '../environment.ts';
import { CoreError } from '../errors.ts';
import { settled, sourceOfStored } from '../rollout/index.ts';
import type { StoredGit } from '../rollout/index.ts';
import type { ListedThread, ListProblem, ThreadStore } from '../store/index.ts';
import { readThreadFile } from './kept-thread.ts';
import type { ThreadFile } from './kept-thread.ts';
import { recordMeta } from './meta-record.ts';
import type { MetaChange } from './meta-record.ts';
import { parseThreadId } from './thread-id.ts';
import { threadView } from './thread-view.ts';
import type { Thread } from './thread.ts';
import { noRollout, rolloutNotFound } from './threads.ts';
import type { Threads } from './threads.ts';
import { pageOfTurns, viewOfTurn } from './turn-page.ts';

/** All threads of this home, whether they are loaded or not. */
export class ThreadLibrary {
  readonly #environment: CoreEnvironment;
  readonly #threads: Threads;
  readonly #store: ThreadStore;

  constructor(environment: CoreEnvironment, threads: Threads, store: ThreadStore) {
    this.#environment = environment;
    this.#threads = threads;
    this.#store = store;
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
    this.#tell(page.problems);
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
  async archive(threadId: string): Promise<string[]> {
    const id = parseThreadId(threadId);
    if (!(await this.#isStored(id))) throw rolloutNotFound(id);
    const spawned = await this.#spawnedBy(id);
    const moved: string[] = [];
    if (await this.#archiveOne(id)) moved.push(id);
    for (const each of spawned) if (await this.#tryArchive(each)) moved.push(each);
    return moved;
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
    // From before the file is read: what ends meanwhile is in the file.
    const { openItems } = thread.agent;
    await thread.flush();
    const { stored } = await readThreadFile(thread.path, { turns: true });
    return settled(stored.turns, openItems ?? thread.agent.openItems);
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

  #tell(problems: readonly ListProblem[]): void {
    for (const { path, message } of problems) {
      this.#environment.emit('warning', { threadId: null, message: `${path} is left out: ${message}` });
    }
  }

  /** Which threads were spawned by which, as far as their files say, the oldest first. */
  async #spawns(): Promise<ReadonlyMap<string, readonly string[]>> {
    const children = new Map<string, string[]>();
    const defaultProvider = currentConfig(this.#environment).modelProvider;
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<ThreadStore['list']>> = await this.#store.list({
        cursor,
        limit: PAGE,
        defaultProvider,
        sortDirection: 'asc',
        sourceKinds: ['subAgentThreadSpawn'],
      });
      for (const { head, threadId } of page.data) {
        const parent = parentOf(sourceOfStored(head.meta.source));
        if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), threadId]);
      }
      this.#tell(page.problems);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return children;
  }

  /** The threads that were spawned by a thread and by those, in reverse depth-first order. */
  async #spawnedBy(id: string): Promise<string[]> {
    const children = await this.#spawns();
    const found: string[] = [];
    const visit = (parent: string): void => {
      for (const child of children.get(parent) ?? []) {
        if (child === id || found.includes(child)) continue;
        found.push(child);
        visit(child);
      }
    };
    visit(id);
    return found.toReversed();
  }
}

/** How many threads are asked for at once. */
const PAGE = 100;

const FIELDS = ['sha', 'branch', 'originUrl'] as const;

function parentOf(source: SessionSource): string | null {
  if (typeof source === 'string' || !('subAgent' in source)) return null;
  const { subAgent } = source;
  return typeof subAgent === 'object' && 'thread_spawn' in subAgent
    ? subAgent.thread_spawn.parent_thread_id
    : null;
}

function checkGitChange(
  change: ThreadMetadataGitInfoUpdateParams | null,
): asserts change is ThreadMetadataGitInfoUpdateParams {
  if (change === null || FIELDS.every((field) => change[field] === undefined)) {
    throw new CoreError('invalidInput', 'gitInfo must include at least one field');
  }
  for (const field of FIELDS) {
    if (change[field]?.trim() === '')
      throw new CoreError('invalidInput', `gitInfo.${field} must not be empty`);
  }
}

function withGitChange(git: StoredGit | null, change: ThreadMetadataGitInfoUpdateParams): StoredGit | null {
  const pick = (now: string | null | undefined, wanted: string | null | undefined): string | null =>
    (wanted === undefined ? now : wanted?.trim()) ?? null;
  const members = {
    commit_hash: pick(git?.commit_hash, change.sha),
    branch: pick(git?.branch, change.branch),
    repository_url: pick(git?.repository_url, change.originUrl),
  };
  const known = Object.entries(members).filter(([, member]) => member !== null);
  return known.length === 0 ? null : Object.fromEntries(known);
}

const MAX_ITEMS = 100;
const DEFAULT_ITEMS = 25;

/** The cursor is the number of items before the page, from the end that the page's direction begins with. */
function pageOfItems(
  items: readonly ThreadItem[],
  { cursor, limit, sortDirection }: Pick<ThreadTurnsItemsListParams, 'cursor' | 'limit' | 'sortDirection'>,
): ThreadTurnsItemsListResponse {
  const sorted = sortDirection === 'desc' ? items.toReversed() : items;
  const start = cursor == null ? 0 : parsePosition(cursor, sorted.length);
  const end = start + Math.min(Math.max(limit ?? DEFAULT_ITEMS, 1), MAX_ITEMS);
  return {
    data: sorted.slice(start, end),
    nextCursor: end < sorted.length ? String(end) : null,
    backwardsCursor: start < sorted.length ? String(sorted.length - start - 1) : null,
  };
}

function parsePosition(cursor: string, length: number): number {
  const position = /^\d{1,9}$/u.test(cursor) ? Number(cursor) : Number.NaN;
  if (position <= length) return position;
  throw new CoreError('invalidCursor', `invalid cursor: ${cursor}`);
}
