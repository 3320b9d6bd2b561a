import { stat } from 'node:fs/promises';
import type { SortDirection, ThreadSortKey } from '../../protocol/index.ts';
import { errorCode } from '../../util/error-code.ts';
import type { ListCursor } from './cursor.ts';
import { archivedFiles, dayFolders, filesOfDay } from './folders.ts';
import type { DayFolder, ReportProblem, RolloutFile } from './folders.ts';
import { mapConcurrently } from './map-concurrently.ts';

/** A file at its place in a sorted list. */
export interface Candidate extends RolloutFile {
  /** What the list is sorted by, in Unix milliseconds. */
  readonly time: number;
}

export interface CandidateQuery {
  readonly codexHome: string;
  readonly sortKey: ThreadSortKey;
  readonly sortDirection: SortDirection;
  readonly isArchived: boolean;
  readonly cursor: ListCursor | null;
  readonly report: ReportProblem;
}

/**
 * The rollout files behind the cursor, in the order of a list: by time, and those of one time by id, larger first. Sorted
 * by creation, folders are read only as far as the list is.
 */
export async function* candidates(query: CandidateQuery): AsyncGenerator<Candidate> {
  const compare = comparison(query.sortDirection);
  const { cursor } = query;
  for await (const batch of query.sortKey === 'created_at' ? byCreation(query) : byUpdate(query)) {
    yield* cursor === null ? batch : batch.filter((candidate) => isBehind(candidate, cursor, compare));
  }
}

type Compare = (one: Position, other: Position) => number;
type Position = Pick<Candidate, 'time' | 'threadId' | 'path'>;

function comparison(direction: SortDirection): Compare {
  const sign = direction === 'asc' ? 1 : -1;
  return (one, other) =>
    sign * (one.time - other.time) ||
    compareText(other.threadId, one.threadId) ||
    compareText(other.path, one.path);
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function isBehind(candidate: Candidate, { time, threadId }: ListCursor, compare: Compare): boolean {
  if (threadId === null && candidate.time === time) return false;
  return compare(candidate, { time, threadId: threadId ?? '', path: candidate.path }) > 0;
}

async function* byUpdate(query: CandidateQuery): AsyncGenerator<Candidate[]> {
  const files: RolloutFile[] = [];
  for await (const some of fileGroups(query)) files.push(...some);
  const dated = await mapConcurrently(files, async (file) => {
    const time = await modifiedAt(file.path, query.report);
    return time === null ? null : { ...file, time };
  });
  yield dated.filter((candidate) => candidate !== null).sort(comparison(query.sortDirection));
}

async function modifiedAt(path: string, report: ReportProblem): Promise<number | null> {
  try {
    return Math.floor((await stat(path)).mtimeMs);
  } catch (error) {
    // A file that is gone was moved or deleted since its folder was read.
    if (errorCode(error) !== 'ENOENT') report(path, `the file cannot be read: ${errorCode(error)}`);
    return null;
  }
}

/**
 * Folder by folder. Where the clocks were put forward, a name of the hour that was left out counts as later than its day
 * may say; so a file is given only when the next folder has been read too.
 */
async function* byCreation(query: CandidateQuery): AsyncGenerator<Candidate[]> {
  const compare = comparison(query.sortDirection);
  let held: Candidate[] = [];
  for await (const files of fileGroups(query)) {
    const next = files.map((file) => ({ ...file, time: file.createdAt.getTime() }));
    const merged = [...held, ...next].sort(compare);
    const last = held.at(-1);
    const cut = last === undefined ? 0 : merged.indexOf(last) + 1;
    yield merged.slice(0, cut);
    held = merged.slice(cut);
  }
  yield held;
}

/** The files in question: those of one day after the other, or all archived ones at once. */
async function* fileGroups(query: CandidateQuery): AsyncGenerator<RolloutFile[]> {
  const { codexHome, isArchived, report, sortDirection } = query;
  if (isArchived) {
    yield await archivedFiles(codexHome, report);
    return;
  }
  for await (const folder of dayFolders(codexHome, sortDirection, report)) {
    if (mayReach(folder, query)) yield await filesOfDay(folder, report);
  }
}

const THREE_DAYS = 3 * 24 * 60 * 60 * 1000;

/** Whether files of the day may be behind the cursor, in any time zone. */
function mayReach({ day }: DayFolder, { cursor, sortDirection, sortKey }: CandidateQuery): boolean {
  if (cursor === null || sortKey !== 'created_at') return true;
  const noon = Date.parse(`${day}T12:00:00Z`);
  if (Number.isNaN(noon)) return true;
  return sortDirection === 'asc' ? noon + THREE_DAYS > cursor.time : noon - THREE_DAYS < cursor.time;
}
