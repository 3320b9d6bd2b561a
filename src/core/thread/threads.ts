import { resolve } from 'node:path';
import type {
  ThreadForkParams,
  ThreadLoadedListParams,
  ThreadLoadedListResponse,
  ThreadResumeParams,
  ThreadStartParams,
  ThreadStatus,
} from '../../protocol/index.ts';
import { checkedConfig } from '../configuration.ts';
import type { CoreEnvironment } from '../environment.ts';
import { CoreError } from '../errors.ts';
import { copyRollout } from '../rollout/index.ts';
import type { ThreadStore } from '../store/index.ts';
import { parseItems } from './parse-items.ts';
import { readKeptThread, rolloutNotFound } from './record/kept-thread.ts';
import { NotifyPrograms } from './notify-programs.ts';
import { checkPermissions, forkedThread, newThread, resumedThread, threadOfHistory } from './open-thread.ts';
import type { ThreadParts } from './open-thread.ts';
import { historyEntries, previewOfHistory } from './record/history-entries.ts';
import { parseThreadId } from './thread-id.ts';
import { pastOf, readPast } from './thread-past.ts';
import type { ThreadPast } from './thread-past.ts';
import type { Thread } from './thread.ts';

/** What threads share. */
export type ThreadServices = Pick<
  ThreadParts,
  'account' | 'auth' | 'groups' | 'images' | 'models' | 'sandbox'
> & {
  readonly store: ThreadStore;
};

/** A thread that goes on, with what its client has to be told of its past. */
export interface Reopened extends ThreadPast {
  readonly thread: Thread;
}

/** The threads that are loaded. */
export class Threads {
  readonly #environment: CoreEnvironment;
  readonly #store: ThreadStore;
  readonly #parts: ThreadParts;
  readonly #loaded = new Map<string, Thread>();
  readonly #closing = new Set<string>();
  /** Threads of which nobody knows yet. */
  readonly #starting = new Set<Thread>();

  constructor(environment: CoreEnvironment, services: ThreadServices) {
    this.#environment = environment;
    this.#store = services.store;
    this.#parts = {
      ...services,
      environment,
      notifyPrograms: new NotifyPrograms({ logger: environment.logger }),
      unloadAfterMs: environment.unloadAfterMs,
      onIdle: (thread) => void this.#unloadIdle(thread),
    };
  }

  /**
   * Creates a thread. Throws `configurationInvalid`, `invalidInput` and `requiredServersFailed`; `threadStarted` is for the caller to
   * emit.
   */
  async start(params: ThreadStartParams): Promise<Thread> {
    checkPermissions(params);
    const thread = newThread(this.#parts, params);
    await this.#launch(thread);
    return thread;
  }

  /**
   * Gives a thread that is loaded already as it is, and loads one that is not. `follow` is called before its past is read,
   * so that nothing is missed between the two. Throws `rolloutNotFound`,
   * `threadUnreadable`, `threadClosing`, `threadRunning`, `configurationInvalid`, `invalidInput` and `requiredServersFailed`.
   */
  async resume(params: ThreadResumeParams, follow: (thread: Thread) => void): Promise<Reopened> {
    checkPermissions(params);
    const { excludeTurns, history, path, threadId } = params;
    const past = { turns: !excludeTurns };
    const reopened = async (thread: Thread): Promise<Reopened> => {
      if (!thread.isKept || thread.path === null) throw rolloutNotFound(thread.id);
      follow(thread);
      return { thread, ...(await readPast(thread, past)) };
    };
    if (history != null) return reopened(await this.#resumeHistory(params, history));
    const running = this.#running(threadId);
    if (running !== null && path != null) this.#checkPath(running, path);
    if (running !== null) return reopened(running);
    const file = path == null ? await this.#find(threadId) : this.#resolve(path);
    const kept = await readKeptThread(file, past);
    const { meta } = kept.stored;
    const loaded = this.#running(meta.id);
    if (loaded !== null) {
      this.#checkPath(loaded, file);
      return reopened(loaded);
    }
    const name = (await this.#store.nameOf(meta.id)) ?? kept.stored.name;
    const raced = this.#running(meta.id);
    if (raced !== null) return reopened(raced);
    const thread = resumedThread(this.#parts, params, kept, name);
    await this.#launchKept(thread);
    follow(thread);
    this.#environment.emit('threadStatusChanged', { threadId: thread.id, status: thread.status });
    return { thread, ...pastOf(thread.id, kept, past) };
  }

  /** Copies what a thread was into a new one. Throws as `resume` does. */
  async fork(params: ThreadForkParams): Promise<Reopened> {
    checkPermissions(params);
    const { ephemeral, excludeTurns, path, threadId, threadSource } = params;
    const running = path == null ? this.#running(threadId) : null;
    if (running !== null) await running.flush();
    const source = path == null ? await this.#find(threadId) : this.#resolve(path);
    const past = { turns: !excludeTurns };
    const kept = await readKeptThread(source, past);
    const { thread, meta } = forkedThread(this.#parts, params, kept, {
      isEphemeral: ephemeral,
      threadSource,
    });
    await this.#launch(thread, async () => {
      if (thread.path === null) return;
      await copyRollout(source, thread.path, meta, this.#environment.now(), kept.stored.history.end);
    });
    return { thread, ...pastOf(thread.id, kept, past) };
  }

  /** Throws `invalidThreadId` and `threadNotFound`. */
  get(threadId: string): Thread {
    const id = parseThreadId(threadId);
    const thread = this.#loaded.get(id);
    if (thread === undefined) throw new CoreError('threadNotFound', `thread not found: ${id}`);
    return thread;
  }

  /** Null where the thread is not loaded. Throws `invalidThreadId`. */
  find(threadId: string): Thread | null {
    return this.#loaded.get(parseThreadId(threadId)) ?? null;
  }

  /** Throws `invalidThreadId`. */
  isLoaded(threadId: string): boolean {
    return this.find(threadId) !== null;
  }

  /** Takes an id as `parseThreadId` gives it. */
  statusOf(id: string): ThreadStatus {
    return this.#loaded.get(id)?.status ?? { type: 'notLoaded' };
  }

  /** Ids in ascending order, page by page; the cursor is the last id of the page before. Throws `invalidCursor`. */
  list({ cursor, limit }: ThreadLoadedListParams): ThreadLoadedListResponse {
    const after = cursor === null || cursor === undefined ? '' : parseCursor(cursor);
    const ids = [...this.#loaded.keys()].toSorted().filter((id) => id > after);
    const data = limit === null || limit === undefined ? ids : ids.slice(0, Math.max(limit, 1));
    return { data, nextCursor: data.length < ids.length ? (data.at(-1) ?? null) : null };
  }

  /** Ends a thread here, and says that it is not loaded any more. */
  async unload(thread: Thread): Promise<void> {
    this.#loaded.delete(thread.id);
    this.#closing.add(thread.id);
    thread.hangUp();
    await thread.close().finally(() => this.#closing.delete(thread.id));
    this.#environment.emit('threadStatusChanged', { threadId: thread.id, status: { type: 'notLoaded' } });
  }

  /**
   * Reads the configuration of every thread again. What is given lets each thread take over its servers. Throws
   * `configurationInvalid`.
   */
  reloadServers(): () => void {
    checkedConfig(this.#environment);
    const read = [...this.#loaded.values()].map((thread) => ({
      thread,
      config: thread.equipment.readConfig(),
    }));
    return () => {
      for (const { config, thread } of read) thread.reloadServers(config);
    };
  }

  /** Skills may have changed: every thread looks for them again in its next turn. */
  expireSkills(): void {
    for (const thread of this.#loaded.values()) thread.equipment.skills.expire();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#starting, ...this.#loaded.values()].map((thread) => thread.close()));
  }

  /**
   * Loads a new thread once it has what it is configured to need and `keep` has begun its file. Throws
   * `requiredServersFailed`, and what `keep` throws; then nothing is left of the thread.
   */
  async #launch(thread: Thread, keep: () => void | Promise<void> = () => {}): Promise<void> {
    this.#starting.add(thread);
    try {
      await checkStarted(thread);
      await keep();
      this.#loaded.set(thread.id, thread);
    } catch (error) {
      await thread.close();
      throw error;
    } finally {
      this.#starting.delete(thread);
    }
  }

  /**
   * Loads a thread that has a file, before it has what it is configured to need: who asks for it meanwhile has to be given the
   * same one, because a file has one writer. Throws `requiredServersFailed`, and then the thread is not there any more.
   */
  async #launchKept(thread: Thread): Promise<void> {
    this.#loaded.set(thread.id, thread);
    try {
      await checkStarted(thread);
    } catch (error) {
      this.#loaded.delete(thread.id);
      await thread.close();
      throw error;
    }
  }

  async #unloadIdle(thread: Thread): Promise<void> {
    await this.unload(thread);
    this.#environment.emit('threadClosed', { threadId: thread.id });
  }

  async #resumeHistory(
    params: ThreadResumeParams,
    history: NonNullable<ThreadResumeParams['history']>,
  ): Promise<Thread> {
    const { threadId } = params;
    const running = isThreadId(threadId) ? this.find(threadId) : null;
    if (running !== null) {
      const message = `cannot resume thread ${running.id} with history while it is already running`;
      throw new CoreError('threadRunning', message);
    }
    if (history.length === 0) throw new CoreError('invalidInput', 'history must not be empty');
    const items = parseItems('history', history);
    const thread = threadOfHistory(this.#parts, params, items, previewOfHistory(items));
    await this.#launch(thread, () => thread.keep(...historyEntries(items)));
    this.#environment.emit('threadStatusChanged', { threadId: thread.id, status: thread.status });
    return thread;
  }

  #running(threadId: string): Thread | null {
    if (!isThreadId(threadId)) return null;
    const id = parseThreadId(threadId);
    if (this.#closing.has(id)) {
      const message = `thread ${id} is closing; retry thread/resume after the thread is closed`;
      throw new CoreError('threadClosing', message);
    }
    return this.#loaded.get(id) ?? null;
  }

  async #find(threadId: string): Promise<string> {
    const id = parseThreadId(threadId);
    const found = await this.#store.find(id);
    if (found === null) throw rolloutNotFound(id);
    return found.path;
  }

  #resolve(path: string): string {
    return resolve(this.#environment.workingDirectory, path);
  }

  #checkPath(running: Thread, path: string): void {
    if (running.path === this.#resolve(path)) return;
    const message = `cannot resume running thread ${running.id} with mismatched path: it is kept in ${running.path ?? 'no file'}, not in ${path}`;
    throw new CoreError('threadRunning', message);
  }
}

/** Waits until a thread has what it is configured to need. Throws `requiredServersFailed`. */
async function checkStarted(thread: Thread): Promise<void> {
  const failure = await thread.equipment.startFailure();
  if (failure !== null) throw new CoreError('requiredServersFailed', failure);
}

function isThreadId(text: string): boolean {
  try {
    parseThreadId(text);
    return true;
  } catch {
    return false;
  }
}

function parseCursor(cursor: string): string {
  try {
    return parseThreadId(cursor);
  } catch (error) {
    throw new CoreError('invalidCursor', `invalid cursor: ${cursor}`, { cause: error });
  }
}
