import type { SortDirection, ThreadSortKey, ThreadSourceKind } from '../../protocol/index.ts';
import type { RolloutHead } from '../rollout/head.ts';
import { INTERACTIVE_KINDS, isOfKind, sourceOfStored } from '../rollout/source.ts';
import { candidates } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import { cursorBehind, parseListCursor, timeText } from './cursor.ts';
import type { ReportProblem } from './folders.ts';
import type { FileState } from './head-cache.ts';
import { mapConcurrently } from './map-concurrently.ts';

/** Which threads are asked for, and in which order. Whatever is absent or null has its default. */
export interface ListQuery {
  /** From an earlier page, or a time: RFC 3339, or as a rollout file's name has it. */
  readonly cursor?: string | null | undefined;
  /** 25 unless given; at least 1 and at most 100. */
  readonly limit?: number | null | undefined;
  /** `created_at` unless given. */
  readonly sortKey?: ThreadSortKey | null | undefined;
  /** `desc` unless given. */
  readonly sortDirection?: SortDirection | null | undefined;
  /** Null or empty: all. */
  readonly providers?: readonly string[] | null | undefined;
  /** The provider of threads that name none. */
  readonly defaultProvider: string;
  /** Null or empty: those with a person at them. */
  readonly sourceKinds?: readonly ThreadSourceKind[] | null | undefined;
  /** Only archived threads. */
  readonly archived?: boolean | null | undefined;
  /** Absolute working directories. Null: all; empty: none. */
  readonly cwds?: readonly string[] | null | undefined;
  /** Part of the first user message, in its case. */
  readonly searchTerm?: string | null | undefined;
}

/** A stored thread as a list shows it. Times are Unix milliseconds. */
export interface ListedThread {
  readonly path: string;
  readonly threadId: string;
  readonly isArchived: boolean;
  /** As the file's name says, in whole seconds. */
  readonly createdAtMs: number;
  /** When the file was written last. */
  readonly updatedAtMs: number;
  /** What the beginning of the file says; the store's `metaOf` says what holds now. */
  readonly head: RolloutHead;
  /** The file as it was when it was looked at. */
  readonly state: FileState;
}

/** A file or folder that is left out of a list, and why. */
export interface ListProblem {
  readonly path: string;
  readonly message: string;
}

export interface ThreadPage {
  readonly data: readonly ListedThread[];
  /** Where the next page begins; null behind the last thread. */
  readonly nextCursor: string | null;
  /** In the opposite direction it gives the page's first thread again and whatever is before it; null for an empty page. */
  readonly backwardsCursor: string | null;
}

export interface ListSources {
  readonly codexHome: string;
  /** The most files that one request looks into, give or take a few; 10,000 unless given. */
  readonly maxExamined?: number | undefined;
  /** What the list needs of a file; null for one that is no thread to show. */
  readonly read: (candidate: Candidate) => Promise<ListedThread | null>;
  readonly report: ReportProblem;
}

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;
const MAX_EXAMINED = 10_000;
/** The files that are looked into at once. */
const GROUP = 16;

/** One page of the stored threads. Throws `invalidCursor`. */
export async function listThreads(query: ListQuery, sources: ListSources): Promise<ThreadPage> {
  const cursor = query.cursor == null ? null : parseListCursor(query.cursor);
  const limit = Math.min(Math.max(query.limit ?? DEFAULT_LIMIT, 1), MAX_LIMIT);
  const sortDirection = query.sortDirection ?? 'desc';
  const ordered = candidates({
    codexHome: sources.codexHome,
    sortKey: query.sortKey ?? 'created_at',
    sortDirection,
    isArchived: query.archived ?? false,
    cursor,
    report: sources.report,
  });
  const page = await fill(ordered, limit, sources, (thread) => matches(thread, query));
  const [first] = page.found;
  const step = sortDirection === 'asc' ? 1 : -1;
  return {
    data: page.found.map(({ thread }) => thread),
    nextCursor: page.nextCursor,
    backwardsCursor: first === undefined ? null : timeText(first.candidate.time + step),
  };
}

interface Found {
  readonly candidate: Candidate;
  readonly thread: ListedThread;
}

/** Takes matching threads until the page is full and it is known whether there is another. */
async function fill(
  ordered: AsyncIterable<Candidate>,
  limit: number,
  { maxExamined = MAX_EXAMINED, read }: ListSources,
  isWanted: (thread: ListedThread) => boolean,
): Promise<{ found: readonly Found[]; nextCursor: string | null }> {
  const found: Found[] = [];
  let examined: Candidate[] = [];
  let count = 0;
  for await (const group of groupsOf(ordered, GROUP)) {
    const [next] = group;
    if (count >= maxExamined && next !== undefined) {
      const last = examined.at(-1) ?? next;
      return { found, nextCursor: cursorBehind(last, last.time === next.time) };
    }
    const threads = await mapConcurrently(group, read);
    for (const [index, candidate] of group.entries()) {
      const thread = threads[index];
      if (thread == null || !isWanted(thread)) continue;
      const last = found.at(-1);
      if (found.length === limit && last !== undefined) {
        return { found, nextCursor: cursorBehind(last.candidate, last.candidate.time === candidate.time) };
      }
      found.push({ candidate, thread });
    }
    count += group.length;
    examined = group;
  }
  return { found, nextCursor: null };
}

async function* groupsOf<T>(entries: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const entry of entries) {
    group.push(entry);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function matches({ head }: ListedThread, query: ListQuery): boolean {
  const { cwds, defaultProvider, providers, searchTerm, sourceKinds } = query;
  const { meta } = head;
  if (isGiven(providers) && !providers.includes(meta.model_provider ?? defaultProvider)) return false;
  if (cwds != null && !cwds.includes(meta.cwd)) return false;
  if (searchTerm != null && !head.firstUserMessage.includes(searchTerm)) return false;
  const source = sourceOfStored(meta.source);
  return (isGiven(sourceKinds) ? sourceKinds : INTERACTIVE_KINDS).some((kind) => isOfKind(source, kind));
}

function isGiven<T>(filter: readonly T[] | null | undefined): filter is readonly T[] {
  return filter != null && filter.length > 0;
}
