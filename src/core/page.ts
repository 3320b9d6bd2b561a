import { CoreError } from './errors.ts';

/** Which part of a list is asked for. */
export interface PageRequest {
  /** The number of entries before the page, in decimal digits. */
  readonly cursor?: string | null | undefined;
  /** No limit unless given; 0 acts as 1. */
  readonly limit?: number | null | undefined;
}

export interface Page<T> {
  readonly data: T[];
  readonly nextCursor: string | null;
}

/** One page of a list that is known as a whole. Throws `invalidCursor` for a cursor that leads nowhere. */
export function pageOf<T>(entries: readonly T[], { cursor, limit }: PageRequest): Page<T> {
  const start = pageStart(cursor, entries.length);
  const end = limit == null ? entries.length : start + Math.max(limit, 1);
  return { data: entries.slice(start, end), nextCursor: end < entries.length ? String(end) : null };
}

/** How many entries come before a page of a list of a length. Throws `invalidCursor` for a cursor that leads nowhere. */
export function pageStart(cursor: PageRequest['cursor'], length: number): number {
  if (cursor == null) return 0;
  const start = /^\d{1,15}$/u.test(cursor) ? Number(cursor) : Number.NaN;
  if (start <= length) return start;
  throw new CoreError('invalidCursor', `invalid cursor: ${cursor}`);
}
