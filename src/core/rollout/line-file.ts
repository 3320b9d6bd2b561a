import { constants, mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An open file that only ever grows at its end. Every operation throws the error of the file system. */
export interface AppendFile {
  /** The length in bytes, and the number of names the file has: none once it was deleted. */
  readonly stat: () => Promise<{ readonly size: number; readonly nlink: number }>;
  /** Reads up to `length` bytes at a position; fewer where the file ends. */
  readonly read: (position: number, length: number) => Promise<Buffer>;
  /** One write at the end of the file. Gives the number of bytes that were taken. */
  readonly write: (bytes: Buffer) => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Opens a file for appending; creates it and its folders, for the owner alone, where they are missing. */
export type OpenAppendFile = (path: string) => Promise<AppendFile>;

export const openAppendFile: OpenAppendFile = async (path) => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return appendFileOf(await open(path, 'a+', 0o600));
};

/** Opens a file for appending that has to be there. */
export const openExistingFile: OpenAppendFile = async (path) =>
  appendFileOf(await open(path, constants.O_RDWR | constants.O_APPEND));

function appendFileOf(handle: FileHandle): AppendFile {
  return {
    stat: async () => {
      const { size, nlink } = await handle.stat();
      return { size, nlink };
    },
    read: async (position, length) => {
      const bytes = Buffer.alloc(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    },
    write: async (bytes) => (await handle.write(bytes, 0, bytes.length, null)).bytesWritten,
    close: () => handle.close(),
  };
}

/** The file has no name any more, so that what is written to it is lost. */
export class FileGoneError extends Error {
  constructor() {
    super('the file was deleted');
    this.name = 'FileGoneError';
  }
}

const LINE_FEED = 0x0a;
const LINE_FEED_BYTES = Buffer.from('\n');

/**
 * Appends lines to a file so that each is whole in it or is known not to be, whatever a failing disk or another program
 * that appends to the same file does in between. A piece of a line that could not be written to its end stays behind as a
 * line of its own, which readers skip.
 */
export class LineFile {
  readonly #file: AppendFile;
  /** Where the last write began, if it is not certain which of its lines are whole. */
  #doubtfulFrom: number | null = null;

  constructor(file: AppendFile) {
    this.#file = file;
  }

  get isInDoubt(): boolean {
    return this.#doubtfulFrom !== null;
  }

  /**
   * Does one step towards having the lines in the file, and gives those that are not certain to be there yet: they have to
   * come first in the next call, as they have to after an error. Each line ends in its line feed. Throws the error of the
   * file system, and `FileGoneError`.
   */
  async append(lines: readonly Buffer[]): Promise<readonly Buffer[]> {
    const { size, nlink } = await this.#file.stat();
    if (nlink === 0) throw new FileGoneError();
    if (this.#doubtfulFrom !== null) return await this.#missing(lines, this.#doubtfulFrom);

    const isTorn = await this.#isTorn(size);
    const bytes = Buffer.concat(isTorn ? [LINE_FEED_BYTES, ...lines] : lines);
    this.#doubtfulFrom = size;
    const written = await this.#write(bytes);
    if (written < bytes.length) return lines;
    // Where something else was appended since the look at the last byte, our first line may be glued to it.
    const after = await this.#file.stat();
    if (after.size !== size + written) return lines;
    this.#doubtfulFrom = null;
    return [];
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#file.stat()).size === 0;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #isTorn(size: number): Promise<boolean> {
    if (size === 0) return false;
    const last = await this.#file.read(size - 1, 1);
    return last.length > 0 && last[0] !== LINE_FEED;
  }

  /** Looks which of the lines are not whole in the file, after ending the file's last line. */
  async #missing(lines: readonly Buffer[], from: number): Promise<readonly Buffer[]> {
    for (;;) {
      const { size } = await this.#file.stat();
      const tail = await this.#file.read(from, Math.max(0, size - from));
      if (tail.length === 0 || tail.at(-1) === LINE_FEED) {
        this.#doubtfulFrom = null;
        return linesNotIn(tail, lines);
      }
      await this.#write(LINE_FEED_BYTES);
    }
  }

  async #write(bytes: Buffer): Promise<number> {
    const written = await this.#file.write(bytes);
    if (written === 0) throw Object.assign(new Error('nothing could be written'), { code: 'EIO' });
    return written;
  }
}

function linesNotIn(tail: Buffer, lines: readonly Buffer[]): readonly Buffer[] {
  let position = 0;
  return lines.filter((line) => {
    const at = lineIn(tail, line, position);
    if (at !== -1) position = at + line.length;
    return at === -1;
  });
}

/** Where the line stands in whole lines from a position on; -1 for nowhere. */
function lineIn(tail: Buffer, line: Buffer, from: number): number {
  for (let at = tail.indexOf(line, from); at !== -1; at = tail.indexOf(line, at + 1)) {
    if (at === 0 || tail[at - 1] === LINE_FEED) return at;
  }
  return -1;
}
