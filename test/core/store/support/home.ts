import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ThreadStore } from '../../../../src/core/store/index.ts';
import type {
  ListedThread,
  ListProblem,
  ListQuery,
  ThreadStoreOptions,
} from '../../../../src/core/store/index.ts';

/** A stored thread of a test. */
export interface StoredThread {
  /** `YYYY-MM-DDThh-mm-ss`. */
  readonly stamp: string;
  readonly id: string;
  readonly meta?: Record<string, unknown>;
  /** Null for none. */
  readonly message?: string | null;
  readonly archived?: boolean;
  /** Unix milliseconds. */
  readonly mtimeMs?: number;
  /** What the file holds instead of a thread. */
  readonly content?: string;
}

/** A CODEX_HOME of a test, which goes with it. */
export async function openHome(options: Pick<ThreadStoreOptions, 'maxExamined'> = {}) {
  const codexHome = await mkdtemp(join(tmpdir(), 'parley-store-'));
  onTestFinished(() => rm(codexHome, { recursive: true, force: true }));
  const logged: unknown[] = [];
  const log = (fields: object, text: string): unknown => logged.push({ text, ...fields });
  const logger = { debug: log, info: log, warn: log, error: log };
  const now = (): number => Date.UTC(2026, 10, 21, 8, 0, 0, 250);
  const store = new ThreadStore({ codexHome, logger, now, ...options });
  return {
    codexHome,
    logged,
    store,
    put: (...threads: StoredThread[]) => Promise.all(threads.map((thread) => putThread(codexHome, thread))),
    list: (query: Partial<ListQuery> = {}) => store.list({ defaultProvider: 'openai', ...query }),
  };
}

export async function putThread(codexHome: string, thread: StoredThread): Promise<string> {
  const path = pathOf(codexHome, thread);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, thread.content ?? contentOf(thread));
  if (thread.mtimeMs !== undefined) {
    // A system keeps finer times than a number of seconds can say; half a millisecond more survives the rounding.
    const seconds = (thread.mtimeMs + 0.5) / 1000;
    await utimes(path, seconds, seconds);
  }
  return path;
}

export function pathOf(codexHome: string, { archived = false, id, stamp }: StoredThread): string {
  const name = `rollout-${stamp}-${id}.jsonl`;
  if (archived) return join(codexHome, 'archived_sessions', name);
  return join(codexHome, 'sessions', ...stamp.slice(0, 10).split('-'), name);
}

export function contentOf({ id, message = 'hello', meta = {} }: StoredThread): string {
  const lines: object[] = [{ type: 'session_meta', payload: { ...metaOf(id), ...meta } }];
  if (message !== null) lines.push({ type: 'event_msg', payload: { type: 'user_message', message } });
  return lines
    .map((line) => `${JSON.stringify({ timestamp: '2026-11-20T23:15:22.103Z', ...line })}\n`)
    .join('');
}

export function metaOf(id: string) {
  return {
    id,
    timestamp: '2026-11-20T23:15:21.488Z',
    cwd: '/repo',
    originator: 'my_ide',
    cli_version: '0.130.0',
    source: 'vscode',
    model_provider: 'openai',
  };
}

/** A UUID that ends in a number. */
export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** The numbers that the ids of a page end in. */
export function numbersOf(page: { readonly data: readonly ListedThread[] }): number[] {
  return page.data.map(({ threadId }) => Number(threadId.slice(-12)));
}

export type Home = Awaited<ReturnType<typeof openHome>>;

/** Every page from the first on, until there is no further one. */
export async function allPages(home: Home, query: Partial<ListQuery>): Promise<number[][]> {
  const pages: number[][] = [];
  let cursor: string | null = null;
  do {
    const page: {
      data: readonly ListedThread[];
      nextCursor: string | null;
      problems: readonly ListProblem[];
    } = await home.list({ ...query, cursor });
    pages.push(numbersOf(page));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}
