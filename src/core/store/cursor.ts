import { CoreError } from '../errors.ts';

/** A place in a list that is sorted by time: behind an item, or behind all items of a time. */
export interface ListCursor {
  /** Unix milliseconds; may have a fraction. */
  readonly time: number;
  /** The item of that time behind which the place is. Null: behind, or before, all of them. */
  readonly threadId: string | null;
}

const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})(?:\|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))?$/u;
const NAME_STAMP = /^(\d{4})-(\d{2})-(\d{2})T(\d{2})-(\d{2})-(\d{2})$/u;

/**
 * Reads a cursor: an RFC 3339 time, with `|` and a thread id behind it where other items have the same time, or the
 * local time of a rollout file's name. Throws `invalidCursor`.
 */
export function parseListCursor(text: string): ListCursor {
  const cursor = parseTime(text) ?? parseStamp(text);
  if (cursor === null || Number.isNaN(cursor.time)) {
    throw new CoreError('invalidCursor', `invalid cursor: ${text}`);
  }
  return cursor;
}

function parseTime(text: string): ListCursor | null {
  const match = RFC_3339.exec(text);
  if (match === null) return null;
  const [, date, clock, fraction, zone = '', threadId] = match;
  const milliseconds = fraction === undefined ? 0 : Number(`0${fraction}`) * 1000;
  const time = Date.parse(`${date}T${clock}${zone.toUpperCase()}`) + milliseconds;
  return { time, threadId: threadId ?? null };
}

function parseStamp(text: string): ListCursor | null {
  const match = NAME_STAMP.exec(text);
  if (match === null) return null;
  const [, date, clock] = /^(.*)T(.*)$/u.exec(text) ?? [];
  return { time: Date.parse(`${date}T${clock?.replaceAll('-', ':')}`), threadId: null };
}

/** The cursor behind an item. `sharesTime`: other items of its time are behind it. */
export function cursorBehind(item: { time: number; threadId: string }, sharesTime: boolean): string {
  const time = timeText(item.time);
  return sharesTime ? `${time}|${item.threadId}` : time;
}

/** RFC 3339 in universal time, without a fraction for whole seconds. */
export function timeText(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
