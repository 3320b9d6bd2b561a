import { join } from 'node:path';

/** What the name of a rollout file says. */
export interface RolloutName {
  /** A lower-case UUID. */
  readonly threadId: string;
  /** `YYYY-MM-DDThh-mm-ss`: the creation second in the local time of the writer. */
  readonly stamp: string;
  /** The stamp, read as local time. */
  readonly createdAt: Date;
}

/** The folder of threads in use; below it are folders for year, month and day. */
export const SESSIONS_FOLDER = 'sessions';
/** The folder of archived threads, which is flat. */
export const ARCHIVE_FOLDER = 'archived_sessions';

const NAME =
  /^rollout-((\d{4})-(\d{2})-(\d{2})T(\d{2})-(\d{2})-(\d{2}))-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/u;

/** Where a thread's rollout file belongs. Folders and name are in local time of the creation second. */
export function rolloutPath(codexHome: string, threadId: string, createdAt: Date): string {
  const [date, time] = localStamp(createdAt).split('T');
  const folders = (date ?? '').split('-');
  return join(codexHome, SESSIONS_FOLDER, ...folders, `rollout-${date}T${time}-${threadId}.jsonl`);
}

/** Where a rollout file is kept while it is archived. */
export function archivedPath(codexHome: string, fileName: string): string {
  return join(codexHome, ARCHIVE_FOLDER, fileName);
}

/** Reads the name of a rollout file. Null for any other name, and for a stamp that no calendar has. */
export function parseRolloutName(fileName: string): RolloutName | null {
  const match = NAME.exec(fileName);
  if (match === null) return null;
  const [, stamp = '', year, month, day, hours, minutes, seconds, threadId = ''] = match;
  const parts = [year, Number(month) - 1, day, hours, minutes, seconds].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = parts;
  // In universal time every valid stamp exists; in local time the hour that a clock change leaves out does not.
  const isValid = new Date(Date.UTC(y, mo, d, h, mi, s)).toISOString().startsWith(isoOf(stamp));
  return isValid ? { threadId, stamp, createdAt: new Date(y, mo, d, h, mi, s) } : null;
}

/** The folder where a rollout file of this name belongs while it is not archived. Null for any other name. */
export function datedFolder(codexHome: string, fileName: string): string | null {
  const name = parseRolloutName(fileName);
  if (name === null) return null;
  return join(codexHome, SESSIONS_FOLDER, ...name.stamp.slice(0, 'YYYY-MM-DD'.length).split('-'));
}

/** `YYYY-MM-DDThh-mm-ss` in local time. */
export function localStamp(time: Date): string {
  const date = [time.getFullYear(), time.getMonth() + 1, time.getDate()];
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()];
  return `${date.map(twoDigits).join('-')}T${clock.map(twoDigits).join('-')}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** The stamp with colons in its time, as ISO 8601 writes it. */
function isoOf(stamp: string): string {
  const [date, time = ''] = stamp.split('T');
  return `${date}T${time.replaceAll('-', ':')}`;
}
