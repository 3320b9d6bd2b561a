import { payloads } from './line.ts';
import type { LineType } from './line.ts';

/** Where a line that was written as usual says its type: behind a timestamp of 24 characters. */
const USUAL_START = '{"timestamp":"';
const USUAL_TYPE_OFFSET = USUAL_START.length + 24 + '","type":"'.length;
const LONGEST_TYPE = 32;

/**
 * The type of a line, without reading all of it. Null where it does not begin as usual, so that only reading it tells;
 * `'other'` for a type that is not known here.
 */
export function peekLineType(bytes: Buffer): LineType | 'other' | null {
  const start = bytes.toString('latin1', 0, USUAL_TYPE_OFFSET + LONGEST_TYPE);
  if (!start.startsWith(USUAL_START) || !start.startsWith('","type":"', USUAL_START.length + 24)) return null;
  const end = start.indexOf('"', USUAL_TYPE_OFFSET);
  if (end === -1) return null;
  const type = start.slice(USUAL_TYPE_OFFSET, end);
  return Object.hasOwn(payloads, type) ? (type as LineType) : 'other';
}
