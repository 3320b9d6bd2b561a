import { join } from 'node:path';
import { ARCHIVE_FOLDER, localStamp } from '../rollout/file-name.ts';
import { dayFolder, dayFolders, rolloutFiles } from './folders.ts';
import type { ReportProblem, RolloutFile } from './folders.ts';

const THREAD_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Looks for the file of a thread by its name. Null where there is none, and for what is no lower-case UUID. */
export async function findFile(
  codexHome: string,
  threadId: string,
  report: ReportProblem,
): Promise<RolloutFile | null> {
  if (!THREAD_ID.test(threadId)) return null;
  for await (const { folder, isArchived } of searchOrder(codexHome, threadId, report)) {
    const files = await rolloutFiles(folder, isArchived, report);
    const file = files.find((candidate) => candidate.threadId === threadId);
    if (file !== undefined) return file;
  }
  return null;
}

/** The days around the id's own time, then the archive, then all days from the newest on. */
async function* searchOrder(
  codexHome: string,
  threadId: string,
  report: ReportProblem,
): AsyncGenerator<{ folder: string; isArchived: boolean }> {
  const likely = likelyDays(threadId);
  for (const day of likely) {
    const folder = await dayFolder(codexHome, day);
    if (folder !== null) yield { folder: folder.path, isArchived: false };
  }
  yield { folder: join(codexHome, ARCHIVE_FOLDER), isArchived: true };
  for await (const { day, path } of dayFolders(codexHome, 'desc', report)) {
    if (!likely.includes(day)) yield { folder: path, isArchived: false };
  }
}

/** The date on which an id of version 7 was made, and the dates beside it; none for other ids. */
function likelyDays(threadId: string): string[] {
  if (threadId[14] !== '7') return [];
  const madeAt = Number.parseInt(threadId.slice(0, 8) + threadId.slice(9, 13), 16);
  return [0, -DAY_MS, DAY_MS].map((offset) =>
    localStamp(new Date(madeAt + offset)).slice(0, 'YYYY-MM-DD'.length),
  );
}
