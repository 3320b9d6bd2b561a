import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SortDirection } from '../../protocol/index.ts';
import { errorCode } from '../../util/error-code.ts';
import { ARCHIVE_FOLDER, SESSIONS_FOLDER, parseRolloutName } from '../rollout/file-name.ts';
import type { RolloutName } from '../rollout/file-name.ts';

/** A rollout file, by its name alone. */
export interface RolloutFile extends RolloutName {
  readonly path: string;
  readonly isArchived: boolean;
}

/** The folder of a day. */
export interface DayFolder {
  readonly path: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
}

/** Told of a file or folder that is left out of a list, and why. */
export type ReportProblem = (path: string, message: string) => void;

/** The folders of days that exist, by date. Links are not followed. */
export async function* dayFolders(
  codexHome: string,
  direction: SortDirection,
  report: ReportProblem,
): AsyncGenerator<DayFolder> {
  const root = join(codexHome, SESSIONS_FOLDER);
  for (const year of await numberedFolders(root, /^\d{4}$/u, direction, report)) {
    for (const month of await numberedFolders(join(root, year), /^\d{2}$/u, direction, report)) {
      const folder = join(root, year, month);
      for (const day of await numberedFolders(folder, /^\d{2}$/u, direction, report)) {
        yield { path: join(folder, day), day: `${year}-${month}-${day}` };
      }
    }
  }
}

/** Whether the folder of a date (`YYYY-MM-DD`) exists, and no part of its path below the home is a link. */
export async function dayFolder(codexHome: string, day: string): Promise<DayFolder | null> {
  let path = join(codexHome, SESSIONS_FOLDER);
  for (const part of day.split('-')) {
    path = join(path, part);
    const isFolder = await lstat(path).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
    if (!isFolder) return null;
  }
  return { path, day };
}

/** The rollout files of a day, in no order. One whose name is of another day is reported and left out. */
export async function filesOfDay(folder: DayFolder, report: ReportProblem): Promise<RolloutFile[]> {
  const files = await rolloutFiles(folder.path, false, report);
  return files.filter(({ path, stamp }) => {
    const belongs = stamp.startsWith(folder.day);
    if (!belongs) report(path, 'the file is not in the folder of its date');
    return belongs;
  });
}

/** The archived rollout files, in no order. */
export function archivedFiles(codexHome: string, report: ReportProblem): Promise<RolloutFile[]> {
  return rolloutFiles(join(codexHome, ARCHIVE_FOLDER), true, report);
}

/** The rollout files of a folder, in no order, wherever they belong. */
export async function rolloutFiles(
  folder: string,
  isArchived: boolean,
  report: ReportProblem,
): Promise<RolloutFile[]> {
  const entries = await entriesOf(folder, report);
  return entries.flatMap((entry) => {
    const name = parseRolloutName(entry.name);
    if (name === null || !entry.isFile()) return [];
    return [{ ...name, path: join(folder, entry.name), isArchived }];
  });
}

async function numberedFolders(
  parent: string,
  pattern: RegExp,
  direction: SortDirection,
  report: ReportProblem,
): Promise<string[]> {
  const entries = await entriesOf(parent, report);
  const names = entries
    .filter((entry) => entry.isDirectory() && pattern.test(entry.name))
    .map(({ name }) => name);
  names.sort();
  return direction === 'asc' ? names : names.toReversed();
}

/** What a folder holds; nothing for one that is missing. */
async function entriesOf(folder: string, report: ReportProblem): ReturnType<typeof readEntries> {
  try {
    return await readEntries(folder);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') report(folder, `the folder cannot be read: ${errorCode(error)}`);
    return [];
  }
}

function readEntries(folder: string) {
  return readdir(folder, { withFileTypes: true });
}
