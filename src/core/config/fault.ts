import type * as z from 'zod/mini';
import type { Table } from './table.ts';
import { valueAt } from './table.ts';

/** What is wrong with one value, and the path of its key. Where the value was written is not known here. */
export interface Fault {
  readonly path: readonly string[];
  readonly message: string;
}

type IssueCode = z.core.$ZodIssue['code'];

/** Longer words are not repeated in a message. */
const LONGEST_SHOWN = 40;

/**
 * Puts the first of zod's issues into words: what was expected, and what was found in `root`. The value itself is
 * shown only where it can hold no secret: a word that is not among the listed ones, and a number out of range.
 */
export function faultOf(error: z.core.$ZodError, root: Table): Fault {
  const [issue] = error.issues;
  if (issue === undefined) return { path: [], message: 'not valid' };
  const path = issue.path.map(String);
  return { path, message: `${issue.message}, found ${describe(valueOrElement(root, path), issue.code)}` };
}

function valueOrElement(root: Table, path: readonly string[]): unknown {
  const list = valueAt(root, path.slice(0, -1));
  return Array.isArray(list) ? list[Number(path.at(-1))] : valueAt(root, path);
}

function describe(value: unknown, code: IssueCode): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'boolean':
      return 'a boolean';
    case 'bigint':
      return 'a number that is too large';
    case 'number':
      return describeNumber(value, code);
    case 'string':
      return describeText(value, code);
    default:
      return describeObject(value);
  }
}

function describeNumber(value: number, code: IssueCode): string {
  if (code === 'too_small') return String(value);
  return Number.isInteger(value) ? 'a whole number' : 'a number that is not whole';
}

function describeText(value: string, code: IssueCode): string {
  if (value.trim() === '') return 'a blank string';
  const isWord = code === 'invalid_value' || code === 'invalid_union';
  return isWord && value.length <= LONGEST_SHOWN ? JSON.stringify(value) : 'a string';
}

function describeObject(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return value instanceof Date ? 'a date or time' : 'a table';
}
