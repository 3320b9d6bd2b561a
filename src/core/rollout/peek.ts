import { payloads } from './line.ts';
import type { LineType } from './line.ts';

/** Where a line that was written as usual says its type: behind a timestamp of 24 characters. */
const USUAL_START = '{"timestamp":"';
const BEFORE_TYPE = '","type":"';
/** Where `typeMark` stands in a line that was written as usual, in bytes. */
export const TYPE_MARK_OFFSET = USUAL_START.length + 24;
const USUAL_TYPE_OFFSET = TYPE_MARK_OFFSET + BEFORE_TYPE.length;
const LONGEST_TYPE = 32;

/** How a line that was written as usual says its type. */
export function typeMark(type: LineType): string {
  return `${BEFORE_TYPE}${type}"`;
}

/**
 * The type of a line, without reading all of it. Null where it does not begin as usual, so that only reading it tells;
 * `'other'` for a type that is not known here.
 */
export function peekLineType(bytes: Buffer): LineType | 'other' | null {
  const start = bytes.toString('latin1', 0, USUAL_TYPE_OFFSET + LONGEST_TYPE);
  if (!start.startsWith(USUAL_START) || !start.startsWith(BEFORE_TYPE, TYPE_MARK_OFFSET)) return null;
  const end = start.indexOf('"', USUAL_TYPE_OFFSET);
  if (end === -1) return null;
  const type = start.slice(USUAL_TYPE_OFFSET, end);
  return Object.hasOwn(payloads, type) ? (type as LineType) : 'other';
}
