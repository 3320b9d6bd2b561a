import { write } from 'node:fs';

/** How much may wait to be written, in characters; lines beyond it are counted and left out. */
const MAX_WAITING = 1024 * 1024;

/** Writes a chunk to stderr, whole or in part, and says how many bytes went out. */
export type WriteChunk = (chunk: Buffer, done: (error: Error | null, bytes: number) => void) => void;

const writeToStderr: WriteChunk = (chunk, done) => write(2, chunk, (error, bytes) => done(error, bytes));

/**
 * Takes the lines of the log without ever waiting for whoever reads them: a reader that stands still must not stop the
 * program. What there is no room for is left out, and told with the next line.
 */
export class StderrSink {
  readonly #write: WriteChunk;
  #waiting: string[] = [];
  #length = 0;
  #leftOut = 0;
  #isWriting = false;
  #whenFlushed: (() => void)[] = [];

  constructor(writeChunk: WriteChunk = writeToStderr) {
    this.#write = writeChunk;
  }

  write(line: string): void {
    if (this.#length + line.length > MAX_WAITING) {
      this.#leftOut += 1;
      return;
    }
    const told =
      this.#leftOut === 0 ? '' : `{"level":40,"linesLeftOut":${this.#leftOut},"msg":"log lines left out"}\n`;
    this.#leftOut = 0;
    this.#waiting.push(told + line);
    this.#length += told.length + line.length;
    this.#next();
  }

  /** Resolves when everything taken so far has been written, or cannot be. */
  flushed(): Promise<void> {
    if (!this.#isWriting) return Promise.resolve();
    return new Promise((resolve) => this.#whenFlushed.push(resolve));
  }

  #next(): void {
    if (this.#isWriting) return;
    if (this.#waiting.length === 0) {
      for (const resolve of this.#whenFlushed.splice(0)) resolve();
      return;
    }
    this.#isWriting = true;
    this.#writeAll(Buffer.from(this.#waiting.splice(0).join('')));
  }

  #writeAll(chunk: Buffer): void {
    this.#write(chunk, (error, bytes) => {
      // A pipe that is full for the moment is tried again; one that nobody will ever read takes nothing more.
      if (error !== null && (error as NodeJS.ErrnoException).code === 'EAGAIN') {
        setTimeout(() => this.#writeAll(chunk), 20).unref();
        return;
      }
      if (error === null && bytes < chunk.length) return this.#writeAll(chunk.subarray(bytes));
      this.#isWriting = false;
      this.#length = this.#waiting.reduce((total, line) => total + line.length, 0);
      this.#next();
    });
  }
}
