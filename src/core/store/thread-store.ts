import { lstat, mkdir, rename, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../util/error-code.ts';
import type { Logger } from '../../util/logger.ts';
import { archivedPath, datedFolder, parseRolloutName } from '../rollout/file-name.ts';
import { readHead } from '../rollout/head.ts';
import type { HeadMeta, RolloutHeadProblem } from '../rollout/head.ts';
import { latestMeta, readLatestMeta } from '../rollout/latest-meta.ts';
import type { Candidate } from './candidates.ts';
import { findFile } from './find-file.ts';
import { dayFolder } from './folders.ts';
import type { ReportProblem, RolloutFile } from './folders.ts';
import { HeadCache } from './head-cache.ts';
import { listThreads } from './list-threads.ts';
import type { ListedThread, ListProblem, ListQuery, ThreadPage } from './list-threads.ts';
import { ThreadNames } from './thread-names.ts';
import { ToldPaths } from './told-paths.ts';

export interface ThreadStoreOptions {
  readonly codexHome: string;
  readonly logger: Logger;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** The most files that one list looks into, give or take a few; 10,000 unless given. */
  readonly maxExamined?: number;
}

/** Where a stored thread is. */
export interface FoundThread {
  readonly path: string;
  readonly isArchived: boolean;
}

/** The threads that are stored in one CODEX_HOME. Other programs may write there at the same time. */
export class ThreadStore {
  readonly #options: ThreadStoreOptions;
  readonly #names: ThreadNames;
  readonly #heads = new HeadCache();
  readonly #told = new ToldPaths();

  constructor(options: ThreadStoreOptions) {
    this.#options = options;
    this.#names = new ThreadNames(options.codexHome, options.now);
  }

  /** Where the thread's file is. Null where there is none, and for what is no lower-case hyphenated UUID. */
  async find(threadId: string): Promise<FoundThread | null> {
    const file = await this.#find(threadId);
    return file === null ? null : { path: file.path, isArchived: file.isArchived };
  }

  /**
   * One page of the stored threads, and the files that were left out because they are damaged: each is told once for as
   * long as the store remembers. Throws `invalidCursor`.
   */
  async list(query: ListQuery): Promise<ThreadPage & { readonly problems: readonly ListProblem[] }> {
    const problems: ListProblem[] = [];
    const report: ReportProblem = (path, message) => {
      if (this.#told.add(path)) problems.push({ path, message });
    };
    const page = await listThreads(query, {
      codexHome: this.#options.codexHome,
      maxExamined: this.#options.maxExamined,
      read: (candidate) => this.#read(candidate, report),
      report,
    });
    return { ...page, problems };
  }

  /**
   * What a listed thread is now: a change of its facts is a line further behind in its file, which is looked for in the
   * last 4 MiB. Never throws: a file that cannot be read any more is what its beginning said.
   */
  async metaOf({ head, path, state, threadId }: ListedThread): Promise<HeadMeta> {
    if (head.isCurrent === true) return head.meta;
    try {
      const later = await readLatestMeta(path, head.meta.id);
      const meta = later === null ? head.meta : latestMeta(head.meta, later);
      this.#heads.set(state, { ...head, meta, isCurrent: true });
      return meta;
    } catch (error) {
      const code = errorCode(error);
      // A file that is gone was moved or deleted since it was listed.
      if (code !== 'ENOENT')
        this.#options.logger.warn({ threadId, code }, 'changes of a thread cannot be read');
      return head.meta;
    }
  }

  /**
   * When a rollout file says its thread was created, and when it was written last, in Unix milliseconds. A file under
   * another name counts as created when it was written. Throws the error of the file system.
   */
  async times(path: string): Promise<{ readonly createdAt: number; readonly updatedAt: number }> {
    const updatedAt = Math.floor((await stat(path)).mtimeMs);
    return { createdAt: parseRolloutName(basename(path))?.createdAt.getTime() ?? updatedAt, updatedAt };
  }

  /** Moves a thread's file to the archive. Gives its new path; null where no file of the thread is in use. */
  async archive(threadId: string): Promise<string | null> {
    const file = await this.#find(threadId);
    if (file === null || file.isArchived) return null;
    return await moveTo(archivedPath(this.#options.codexHome, basename(file.path)), file.path);
  }

  /** Moves a thread's file back from the archive, as changed now. Gives its new path; null where none is archived. */
  async unarchive(threadId: string): Promise<string | null> {
    const { codexHome, now } = this.#options;
    const file = await this.#find(threadId);
    const folder = file?.isArchived === true ? datedFolder(codexHome, basename(file.path)) : null;
    if (file === null || folder === null) return null;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const day = await dayFolder(codexHome, file.stamp.slice(0, 'YYYY-MM-DD'.length));
    if (day === null) throw new Error(`${folder} is not a folder of this home`);
    const path = await moveTo(join(folder, basename(file.path)), file.path);
    if (path === null) return null;
    const seconds = now() / 1000;
    await utimes(path, seconds, seconds);
    return path;
  }

  /** The name that a user gave the thread, or null. An index that cannot be read holds no names. */
  async nameOf(threadId: string): Promise<string | null> {
    return (await this.names()).get(threadId) ?? null;
  }

  /** All names that users gave to threads, by thread id. An index that cannot be read holds none. */
  async names(): Promise<ReadonlyMap<string, string>> {
    try {
      return await this.#names.all();
    } catch (error) {
      this.#options.logger.warn({ code: errorCode(error) }, 'the names of threads cannot be read');
      return new Map();
    }
  }

  /** Names a thread. Throws the error of the file system. */
  async setName(threadId: string, name: string): Promise<void> {
    await this.#names.set(threadId, name);
  }

  #find(threadId: string): Promise<RolloutFile | null> {
    return findFile(this.#options.codexHome, threadId, (path, reason) => {
      this.#options.logger.warn({ path, reason }, 'a folder of threads cannot be searched');
    });
  }

  async #read(candidate: Candidate, report: ReportProblem): Promise<ListedThread | null> {
    const { path, threadId, isArchived, createdAt } = candidate;
    try {
      const { mtimeMs, size } = await stat(path);
      const state = { path, mtimeMs, size };
      const head = this.#heads.get(state) ?? (await readHead(path));
      if (head.kind !== 'unreadable') this.#heads.set(state, head);
      if (head.kind === 'thread') {
        const times = { createdAtMs: createdAt.getTime(), updatedAtMs: Math.floor(mtimeMs) };
        return { path, threadId, isArchived, ...times, head, state };
      }
      const message = describe(head);
      if (message !== null) report(path, message);
    } catch (error) {
      const message = describe({ kind: 'unreadable', code: errorCode(error) });
      if (message !== null) report(path, message);
    }
    return null;
  }
}

/** What is wrong with a file that is left out of a list; null for one that is as it should be. */
function describe(problem: RolloutHeadProblem): string | null {
  if (problem.kind === 'notAThread') return 'the file does not begin as the record of a thread';
  // A file that is gone was moved or deleted since its folder was read.
  if (problem.kind === 'noUserMessage' || problem.code === 'ENOENT') return null;
  return `the file cannot be read: ${problem.code}`;
}

/** Moves a file, but never over another one. Null if the file is gone. Throws the error of the file system. */
async function moveTo(target: string, path: string): Promise<string | null> {
  if (await exists(target)) throw new Error(`${target} exists already`);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  try {
    await rename(path, target);
    return target;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
