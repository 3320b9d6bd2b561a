/** What was kept of an output, and how many bytes between its beginning and its end were not. */
export interface KeptOutput {
  /** Beginning and end, with a mark between them if something was left out. */
  readonly text: string;
  readonly truncatedBytes: number;
  /** Lines of all that was pushed, kept or not; a line break at its end begins no other one. */
  readonly lines: number;
}

/** Bytes of one output that are kept when nothing else is said. */
export const KEPT_BYTES = 1024 * 1024;

const LINE_BREAK = 0x0a;

/**
 * Keeps the beginning and the end of a text of any length in a bounded amount of memory, half of the bytes each; what
 * lies between is counted. It cuts between characters.
 */
export class OutputBuffer {
  readonly #headLimit: number;
  readonly #tailLimit: number;
  #head: Buffer[] = [];
  #headBytes = 0;
  #headIsFull = false;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #totalBytes = 0;
  #lineBreaks = 0;
  /** Whether the last line has no break yet. */
  #isInLine = false;

  constructor(keptBytes: number = KEPT_BYTES) {
    this.#headLimit = Math.floor(keptBytes / 2);
    this.#tailLimit = keptBytes - this.#headLimit;
  }

  /** Bytes of UTF-8 that were pushed since the last `take`. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  push(text: string): void {
    if (text === '') return;
    const bytes = Buffer.from(text);
    this.#totalBytes += bytes.length;
    this.#lineBreaks += lineBreaks(bytes);
    this.#isInLine = bytes.at(-1) !== LINE_BREAK;
    this.#keepTail(this.#headIsFull ? bytes : this.#keepHead(bytes));
  }

  /** What was kept so far. */
  kept(): KeptOutput {
    const tail = wholeTail(Buffer.concat(this.#tail), this.#tailLimit);
    const head = Buffer.concat(this.#head);
    const truncatedBytes = this.#totalBytes - head.length - tail.length;
    const mark = truncatedBytes > 0 ? `\n…${truncatedBytes} bytes left out…\n` : '';
    const lines = this.#lineBreaks + (this.#isInLine ? 1 : 0);
    return { text: `${head.toString()}${mark}${tail.toString()}`, truncatedBytes, lines };
  }

  /** What was kept so far, and begins anew. */
  take(): KeptOutput {
    const kept = this.kept();
    this.#head = [];
    this.#headBytes = 0;
    this.#headIsFull = false;
    this.#tail = [];
    this.#tailBytes = 0;
    this.#totalBytes = 0;
    this.#lineBreaks = 0;
    this.#isInLine = false;
    return kept;
  }

  /** Fills the beginning, and gives the bytes that it has no room for. */
  #keepHead(bytes: Buffer): Buffer {
    const room = this.#headLimit - this.#headBytes;
    if (bytes.length <= room) {
      this.#head.push(bytes);
      this.#headBytes += bytes.length;
      return bytes.subarray(bytes.length);
    }
    this.#headIsFull = true;
    let end = room;
    while (end > 0 && isContinuation(bytes[end])) end -= 1;
    // A copy, so that a large chunk is not held for the sake of its beginning.
    this.#head.push(Buffer.from(bytes.subarray(0, end)));
    this.#headBytes += end;
    return bytes.subarray(end);
  }

  #keepTail(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const end =
      bytes.length > this.#tailLimit ? Buffer.from(bytes.subarray(bytes.length - this.#tailLimit)) : bytes;
    this.#tail.push(end);
    this.#tailBytes += end.length;
    // Let go only in bulk: many small chunks must not be moved again and again.
    if (this.#tailBytes <= 2 * this.#tailLimit && this.#tail.length <= 4096) return;
    const joined = Buffer.concat(this.#tail);
    const kept = Buffer.from(joined.subarray(Math.max(0, joined.length - this.#tailLimit)));
    this.#tail = [kept];
    this.#tailBytes = kept.length;
  }
}

/** Faster than to look for one after the other, where lines are short. */
function lineBreaks(bytes: Buffer): number {
  let count = 0;
  for (let index = 0; index < bytes.length; index += 1) if (bytes[index] === LINE_BREAK) count += 1;
  return count;
}

/** The last `limit` bytes, without the rest of a character at their beginning. */
function wholeTail(bytes: Buffer, limit: number): Buffer {
  let start = Math.max(0, bytes.length - limit);
  while (start < bytes.length && isContinuation(bytes[start])) start += 1;
  return bytes.subarray(start);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
