/**
 * The id of a message as the JSON text the peer wrote, so that it is echoed digit by digit: a string and a
 * number stay different ids, and an integer beyond 2^53 keeps its value.
 */
export type RawId = string;

/** What one decoded JSON value is, as an envelope. The first shape that fits wins. */
export type Envelope =
  | { kind: 'request'; id: RawId; method: string; params: unknown }
  | { kind: 'notification'; method: string; params: unknown }
  | { kind: 'response'; id: unknown; result: unknown }
  | { kind: 'error'; id: unknown; error: unknown }
  | { kind: 'invalid'; id: RawId | null; reason: string };

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Classifies a decoded JSON value; `text` is the JSON it came from. Never throws. */
export function classify(value: unknown, text: string): Envelope {
  if (Array.isArray(value)) {
    return invalid(null, 'batches are not supported; send one message at a time');
  }
  if (typeof value !== 'object' || value === null) {
    return invalid(null, `expected a JSON object, found ${value === null ? 'null' : typeof value}`);
  }
  const message = value as Record<string, unknown>;
  const { method, id } = message;
  if (typeof method === 'string') {
    if (!('id' in message)) return { kind: 'notification', method, params: message['params'] };
    const rawId = requestId(id, text);
    if (rawId === null) {
      return invalid(offendingId(id, text), '`id` must be a string or a 64-bit integer');
    }
    return { kind: 'request', id: rawId, method, params: message['params'] };
  }
  if (method !== undefined) return invalid(requestId(id, text), '`method` must be a string');
  if ('id' in message && 'result' in message) return { kind: 'response', id, result: message['result'] };
  if ('id' in message && 'error' in message) return { kind: 'error', id, error: message['error'] };
  return invalid(requestId(id, text), 'expected a `method`, or an `id` with a `result` or an `error`');
}

function invalid(id: RawId | null, reason: string): Envelope {
  return { kind: 'invalid', id, reason };
}

function requestId(id: unknown, text: string): RawId | null {
  if (typeof id === 'string') return JSON.stringify(id);
  const digits = integerDigits(id, text);
  if (digits === null) return null;
  const exact = BigInt(digits);
  return exact >= INT64_MIN && exact <= INT64_MAX ? digits : null;
}

/** An integer as it is written; null for one beyond 2^53 whose digits are not found, as behind a repeated key. */
function integerDigits(id: unknown, text: string): RawId | null {
  if (!Number.isInteger(id)) return null;
  if (Number.isSafeInteger(id)) return String(id);
  const written = readTopLevelId(text);
  return written !== null && Number(written) === id ? written : null;
}

/** An id of a wrong type is echoed as it is, where JSON has a scalar for it, so that its sender can find it. */
function offendingId(id: unknown, text: string): RawId | null {
  if (Number.isInteger(id)) return integerDigits(id, text);
  return typeof id === 'number' || typeof id === 'boolean' ? JSON.stringify(id) : null;
}

const TOKEN = /[{}[\],:]|[^\s"{}[\],:]+/gsy;
const SPACE = /\s*/gy;

/**
 * Finds the `id` member of the outermost object in JSON that may be malformed or cut off, and gives it as it is
 * written. Null when the text is no object, or no whole string or integer id is found before it breaks.
 */
export function readTopLevelId(text: string): RawId | null {
  return readTopLevel(text, () => true).id;
}

/** Finds the id of what seems to be an answer, in the same way. Null for what may be a request. */
export function readAnswerId(text: string): RawId | null {
  const { id, kind } = readTopLevel(text, (found) => found.kind !== null);
  return kind === 'answer' ? id : null;
}

interface TopLevel {
  readonly id: RawId | null;
  /** What the members say that the message is, as far as they are read. */
  readonly kind: 'answer' | 'request' | null;
}

const KINDS: Readonly<Partial<Record<string, TopLevel['kind']>>> = {
  '"error"': 'answer',
  '"result"': 'answer',
  '"method"': 'request',
};

/** Reads the outermost members until the id is there and it is enough. */
function readTopLevel(text: string, isEnough: (found: TopLevel) => boolean): TopLevel {
  let id: RawId | null = null;
  let kind: TopLevel['kind'] = null;
  let position = 0;
  const next = (): string | null => {
    SPACE.lastIndex = position;
    SPACE.test(text);
    position = SPACE.lastIndex;
    TOKEN.lastIndex = position;
    const token = text[position] === '"' ? readString(text, position) : (TOKEN.exec(text)?.[0] ?? null);
    if (token !== null) position += token.length;
    return token;
  };
  if (next() !== '{') return { id, kind };
  let depth = 1;
  let atKey = true;
  for (let token = next(); token !== null && depth > 0; token = next()) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (token === ',' && depth === 1) atKey = true;
    else if (atKey && depth === 1) {
      atKey = false;
      if (token === '"id"' && id === null) {
        if (next() === ':') id = wholeId(next(), position < text.length);
        if (id === null) break;
      } else {
        kind ??= KINDS[token] ?? null;
      }
      if (id !== null && isEnough({ id, kind })) break;
    }
  }
  return { id, kind };
}

/** The string that starts at a quote, quotes included; null if it is cut off. A pattern would fail on long ones. */
function readString(text: string, start: number): string | null {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return text.slice(start, end + 1);
  }
  return null;
}

function wholeId(token: string | null, isFollowed: boolean): RawId | null {
  if (token === null) return null;
  if (/^-?(0|[1-9]\d*)$/.test(token)) return isFollowed ? token : null;
  if (!token.startsWith('"')) return null;
  try {
    JSON.parse(token);
    return token;
  } catch {
    return null;
  }
}
