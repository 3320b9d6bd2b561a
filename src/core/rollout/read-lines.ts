import { open } from 'node:fs/promises';

/** One line of a file, without its line feed. */
export interface FileLine {
  /** UTF-8. */
  readonly bytes: Buffer;
  /** Where the line begins in the file, in bytes. */
  readonly offset: number;
  /** The number of lines before it, counted from where reading began; blank and overlong lines count. */
  readonly index: number;
}

export interface ReadLinesOptions {
  /** The byte at which reading begins; it has to be the first of a line. Default 0. */
  readonly start?: number;
  readonly chunkBytes?: number;
  /** A longer line is left out. */
  readonly maxLineBytes?: number;
}

const CHUNK_BYTES = 256 * 1024;
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * The lines of a file in order, as many at a time as a chunk holds. No more than one chunk and one unfinished line is in
 * memory. A last line without a line feed counts; blank lines are left out. Ends where the file ended when its end was
 * reached. Throws the error of the file system.
 */
export async function* readLines(path: string, options: ReadLinesOptions = {}): AsyncGenerator<FileLine[]> {
  const { start = 0, chunkBytes = CHUNK_BYTES, maxLineBytes = MAX_LINE_BYTES } = options;
  const file = await open(path, 'r');
  try {
    const splitter = new LineSplitter(start, maxLineBytes);
    for (let position = start; ;) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const lines = splitter.add(buffer.subarray(0, bytesRead));
      if (lines.length > 0) yield lines;
    }
    const last = splitter.end();
    if (last.length > 0) yield last;
  } finally {
    await file.close();
  }
}

/** Cuts chunks into lines. */
class LineSplitter {
  readonly #maxLineBytes: number;
  #open: Buffer[] = [];
  #openBytes = 0;
  #offset: number;
  #index = 0;

  constructor(start: number, maxLineBytes: number) {
    this.#offset = start;
    this.#maxLineBytes = maxLineBytes;
  }

  add(chunk: Buffer): FileLine[] {
    const lines: FileLine[] = [];
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      this.#hold(chunk.subarray(from, end));
      lines.push(...this.#finish(1));
      from = end + 1;
    }
    this.#hold(chunk.subarray(from));
    return lines;
  }

  end(): FileLine[] {
    return this.#openBytes === 0 ? [] : this.#finish(0);
  }

  /** Keeps a piece of an unfinished line; what is already too long is only counted. */
  #hold(piece: Buffer): void {
    this.#openBytes += piece.length;
    if (this.#openBytes > this.#maxLineBytes) this.#open = [];
    else if (piece.length > 0) this.#open.push(piece);
  }

  #finish(terminatorBytes: number): FileLine[] {
    const [first, ...rest] = this.#open;
    const line =
      first === undefined
        ? []
        : [
            {
              bytes: rest.length === 0 ? first : Buffer.concat(this.#open),
              offset: this.#offset,
              index: this.#index,
            },
          ];
    this.#offset += this.#openBytes + terminatorBytes;
    this.#index += 1;
    this.#open = [];
    this.#openBytes = 0;
    return line;
  }
}
