import { parse } from 'smol-toml';

/** One name of a dotted key. `start` and `end` are offsets into the text, quotes included, `end` exclusive. */
export interface KeySegment {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A dotted key found in a text, and the offset after it. */
export interface DottedKey {
  readonly segments: readonly KeySegment[];
  readonly end: number;
}

const ENDS_BARE_NAME = /[\s.=\]"'#]/u;
const BARE_NAME = /^[A-Za-z0-9_-]+$/u;

/**
 * Reads the dotted key that starts at `offset`, such as `a.b` or `projects."/home/u".trust_level`.
 *
 * Names may be bare or quoted as in TOML. Bare names are read more leniently than TOML does, so that an override can
 * name a path without quoting it. Returns null where a name is missing or a quote is not closed.
 */
export function readDottedKey(text: string, offset: number): DottedKey | null {
  const segments: KeySegment[] = [];
  let position = skipBlanks(text, offset);
  for (;;) {
    const segment = readSegment(text, position);
    if (segment === null) return null;
    segments.push(segment);
    const next = skipBlanks(text, segment.end);
    if (text[next] !== '.') return { segments, end: next };
    position = skipBlanks(text, next + 1);
  }
}

/** Splits a text that is one whole dotted key into its names; null if it is not one. */
export function splitDottedKey(text: string): readonly string[] | null {
  const key = readDottedKey(text, 0);
  if (key === null || key.end !== text.length) return null;
  return key.segments.map((segment) => segment.name);
}

/** Writes a path as a dotted key, quoting the names that need it. */
export function formatDottedKey(path: readonly string[]): string {
  return path.map((name) => (BARE_NAME.test(name) ? name : JSON.stringify(name))).join('.');
}

function readSegment(text: string, start: number): KeySegment | null {
  const quote = text[start];
  if (quote !== '"' && quote !== "'") {
    let end = start;
    while (end < text.length && !ENDS_BARE_NAME.test(text.charAt(end))) end += 1;
    return end === start ? null : { name: text.slice(start, end), start, end };
  }
  const end = closingQuote(text, start, quote);
  if (end === null) return null;
  const name = unquote(text.slice(start, end));
  return name === null ? null : { name, start, end };
}

/** The offset after the quote that closes the one at `start`, or null. */
function closingQuote(text: string, start: number, quote: string): number | null {
  for (let position = start + 1; position < text.length; position += 1) {
    const character = text[position];
    if (character === quote) return position + 1;
    if (character === '\\' && quote === '"') position += 1;
  }
  return null;
}

function unquote(quoted: string): string | null {
  try {
    return Object.keys(parse(`${quoted} = 0`))[0] ?? null;
  } catch {
    // The TOML parser is the judge of escapes; what it refuses is not a key.
    return null;
  }
}

function skipBlanks(text: string, offset: number): number {
  let position = offset;
  while (text[position] === ' ' || text[position] === '\t') position += 1;
  return position;
}
