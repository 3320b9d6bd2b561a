import { writeSync } from 'node:fs';
import type { Terminal } from './terminal.ts';

/** Bytes that may wait for a process that does not read. */
const MOST_WAITING_BYTES = 1024 * 1024;

/** How soon it is tried again to write what the terminal had no room for, in milliseconds; it takes longer each time. */
const FIRST_RETRY_MS = 5;
const LONGEST_RETRY_MS = 250;

/**
 * What is typed into a terminal. It is written to the descriptor here, because the package's stream waits for room in the terminal
 * without letting anything else happen.
 */
export class TerminalInput {
  readonly #terminal: Terminal;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #retryMs = FIRST_RETRY_MS;
  #timer: NodeJS.Timeout | null = null;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Takes characters to be typed; a sentence says why it cannot. */
  write(text: string): string | null {
    const bytes = Buffer.from(text);
    if (this.#waitingBytes + bytes.length > MOST_WAITING_BYTES) return 'the process does not read its input';
    const { _socket: stream, fd } = this.#terminal;
    if (stream === undefined || fd === undefined) {
      this.#terminal.write(text);
      return null;
    }
    if (stream.destroyed) return 'the terminal is closed';
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#timer === null) this.#pump();
    return null;
  }

  /** Drops what still waits. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #pump(): void {
    this.#timer = null;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const written = this.#writeNow(next);
      if (written === 'gone') return this.close();
      this.#waitingBytes -= written;
      if (written < next.length) {
        this.#waiting[0] = next.subarray(written);
        return this.#retry(written > 0);
      }
      this.#waiting.shift();
    }
    this.#retryMs = FIRST_RETRY_MS;
  }

  #retry(hasMoved: boolean): void {
    this.#retryMs = hasMoved ? FIRST_RETRY_MS : Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
    this.#timer = setTimeout(() => this.#pump(), this.#retryMs).unref();
  }

  /** The package has set the descriptor not to wait. It is closed with the stream, and its number may then be another file's. */
  #writeNow(bytes: Buffer): number | 'gone' {
    const { _socket: stream, fd } = this.#terminal;
    if (fd === undefined || stream?.destroyed !== false) return 'gone';
    try {
      return writeSync(fd, bytes);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : 'gone';
    }
  }
}
