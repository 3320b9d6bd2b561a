import { readDottedKey } from './dotted-key.ts';
import type { DottedKey } from './dotted-key.ts';

/** Where a key stands in a file. Lines and columns count from 1, columns in UTF-16 units; `endColumn` is the last one. */
export interface KeyLocation {
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

interface Match {
  readonly depth: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the key at `path` in a TOML document that has already parsed without error.
 *
 * Keys are found as `a.b = ...`, below a `[table]` header, quoted or bare. A key inside an inline table or an array
 * is not looked for; the nearest enclosing key that has a place of its own is given instead. Null if no part of the
 * path occurs.
 */
export function locateKey(text: string, path: readonly string[]): KeyLocation | null {
  let best: Match | null = null;
  let header: readonly string[] = [];
  let offset = skipVoid(text, 0);
  while (offset < text.length) {
    const isHeader = text[offset] === '[';
    const key = readDottedKey(text, isHeader ? skipBrackets(text, offset) : offset);
    if (key === null) break;
    const match = matchKey(isHeader ? [] : header, key, path);
    if (match !== null && (best === null || match.depth > best.depth)) best = match;
    if (best?.depth === path.length) break;
    if (isHeader) header = key.segments.map((segment) => segment.name);
    offset = skipVoid(text, isHeader ? endOfLine(text, key.end) : endOfValue(text, key.end + 1));
  }
  return best === null ? null : locationOf(text, best);
}

/** How far `path` is followed by the table `header` and then `key`; null unless `key` itself takes part. */
function matchKey(header: readonly string[], key: DottedKey, path: readonly string[]): Match | null {
  const names = [...header, ...key.segments.map((segment) => segment.name)];
  let depth = 0;
  while (depth < names.length && depth < path.length && names[depth] === path[depth]) depth += 1;
  const first = key.segments[0];
  const last = key.segments[depth - header.length - 1];
  if (first === undefined || last === undefined) return null;
  return { depth, start: first.start, end: last.end };
}

function locationOf(text: string, match: Match): KeyLocation {
  const lineStart = text.lastIndexOf('\n', match.start - 1) + 1;
  return {
    line: text.slice(0, lineStart).split('\n').length,
    column: match.start - lineStart + 1,
    endColumn: match.end - lineStart,
  };
}

function skipBrackets(text: string, offset: number): number {
  return text[offset + 1] === '[' ? offset + 2 : offset + 1;
}

/** The next offset that is neither white space nor inside a comment. */
function skipVoid(text: string, offset: number): number {
  let position = offset;
  while (position < text.length) {
    const character = text.charAt(position);
    if (character === '#') position = endOfLine(text, position);
    else if (/\s/u.test(character)) position += 1;
    else break;
  }
  return position;
}

function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline;
}

/** The offset of the line end after the value that starts at `offset`; it may be many lines further down. */
function endOfValue(text: string, offset: number): number {
  let depth = 0;
  let position = offset;
  while (position < text.length) {
    const character = text.charAt(position);
    if (character === '\n' && depth === 0) return position;
    if (character === '"' || character === "'") {
      position = endOfString(text, position, character);
      continue;
    }
    if (character === '#') {
      position = endOfLine(text, position);
      continue;
    }
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth -= 1;
    position += 1;
  }
  return position;
}

/** The offset after the string that starts at `start`, which may be one of TOML's four kinds. */
function endOfString(text: string, start: number, quote: string): number {
  const multiline = text.startsWith(quote.repeat(3), start);
  const fence = multiline ? quote.repeat(3) : quote;
  let position = start + fence.length;
  while (position < text.length) {
    if (text.startsWith(fence, position)) break;
    position += text[position] === '\\' && quote === '"' ? 2 : 1;
  }
  position += fence.length;
  // Up to two quotes may stand right before the closing three, and belong to the text.
  if (!multiline) return position;
  for (let extra = 0; extra < 2 && text[position] === quote; extra += 1) position += 1;
  return position;
}
