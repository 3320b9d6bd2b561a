import { errorCode } from '../../util/error-code.ts';
import { errorMessage } from '../../util/errors.ts';
import type { Logger } from '../../util/logger.ts';
import { encodeLine } from './line.ts';
import type { RolloutEntry } from './line.ts';
import { FileGoneError, LineFile, openAppendFile } from './line-file.ts';
import type { OpenAppendFile } from './line-file.ts';

export interface RolloutWriterOptions {
  readonly path: string;
  /** Unix milliseconds: the time that lines carry. */
  readonly now: () => number;
  readonly logger: Logger;
  /** Told in words that name the file when it cannot be written, once for each streak of failures. Must not throw. */
  readonly onTrouble: (message: string) => void;
  /**
   * What a file begins with that turns out to be empty although its thread is not new, as after it was deleted. Without
   * it a deleted file is not made anew.
   */
  readonly preamble?: () => readonly RolloutEntry[];
  /** How much may wait to be written; lines beyond it are refused. */
  readonly maxQueueBytes?: number;
  readonly openFile?: OpenAppendFile;
}

interface WaitingLine {
  readonly type: RolloutEntry['type'];
  readonly bytes: Buffer;
  /** Counts up from 1. */
  readonly number: number;
}

const MAX_QUEUE_BYTES = 64 * 1024 * 1024;

/**
 * Appends lines to the rollout file of one thread, in order and without making anybody wait. What cannot be written stays
 * queued, up to a bound, and is tried again with the next line and with `flush`. The file and its folders are made by the
 * first line. The file stays open, so that one that is moved meanwhile is still the one that is written.
 */
export class RolloutWriter {
  readonly #options: RolloutWriterOptions;
  readonly #openFile: OpenAppendFile;
  readonly #maxQueueBytes: number;
  #file: LineFile | null = null;
  #queue: WaitingLine[] = [];
  #queueBytes = 0;
  #lastNumber = 0;
  /** The lines that were refused since writing worked last. */
  #refused = 0;
  #isFailing = false;
  /** The file was deleted and is not made anew. */
  #isGone = false;
  /** Whether it has been looked at what the open file begins with. */
  #isBegun = false;
  #step: Promise<boolean> | null = null;
  #closed: Promise<void> | null = null;

  constructor(options: RolloutWriterOptions) {
    this.#options = options;
    this.#openFile = options.openFile ?? openAppendFile;
    this.#maxQueueBytes = options.maxQueueBytes ?? MAX_QUEUE_BYTES;
  }

  /** Whether the file is held open. */
  get isOpen(): boolean {
    return this.#file !== null;
  }

  /** Queues lines with the present time. Never throws. Lines that find the queue full, or the writer closed, are refused. */
  append(...entries: readonly RolloutEntry[]): void {
    for (const entry of entries) this.#accept(entry);
    if (this.#queue.length > 0 && this.#step === null) void this.#advance();
  }

  /** Whether everything that was queued before the call is in the file now. Tries once more where writing failed. */
  async flush(): Promise<boolean> {
    const last = this.#lastNumber;
    // What is under way already may fail for what has changed meanwhile, and does not count as a try.
    let isOlder = this.#step !== null;
    while (this.#isWaiting(last)) {
      const isWritten = await (this.#step ?? this.#advance());
      if (!isWritten && !isOlder) return false;
      isOlder = false;
    }
    return !this.#isGone;
  }

  /** Writes lines now or not at all. Gives whether they are in the file. */
  async write(...entries: readonly RolloutEntry[]): Promise<boolean> {
    const before = this.#lastNumber;
    this.append(...entries);
    const last = this.#lastNumber;
    const isWritten = await this.flush();
    if (!isWritten) this.#setQueue(this.#queue.filter(({ number }) => number <= before || number > last));
    return isWritten;
  }

  /** Writes what is queued, if it can be written, and closes the file. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #accept(entry: RolloutEntry): void {
    if (this.#closed !== null || this.#isGone) {
      this.#options.logger.warn(
        { path: this.#options.path, type: entry.type },
        'a rollout line came too late',
      );
      return;
    }
    const bytes = this.#encode(entry);
    if (bytes === null) return;
    if (this.#queueBytes + bytes.length > this.#maxQueueBytes) {
      this.#refuse();
      return;
    }
    this.#lastNumber += 1;
    this.#queue.push({ type: entry.type, bytes, number: this.#lastNumber });
    this.#queueBytes += bytes.length;
  }

  #encode(entry: RolloutEntry): Buffer | null {
    try {
      return Buffer.from(encodeLine(entry, this.#options.now()));
    } catch (error) {
      const { logger, path } = this.#options;
      logger.error(
        { path, type: entry.type, reason: errorMessage(error) },
        'a rollout line cannot be encoded',
      );
      return null;
    }
  }

  #refuse(): void {
    this.#refused += 1;
    if (this.#refused > 1) return;
    const { onTrouble, path } = this.#options;
    onTrouble(`Too much waits to be written to ${path}: what happens from now on is missing from it`);
  }

  #isWaiting(number: number): boolean {
    const [first] = this.#queue;
    return first !== undefined && first.number <= number;
  }

  /** Writes until the queue is empty or writing fails; each step is one write. */
  #advance(): Promise<boolean> {
    // What is appended in the same breath goes out in the same write.
    const step = Promise.resolve()
      .then(() => this.#writeWaiting())
      .then(
        (hasProgress) => (hasProgress ? this.#succeeded() : true),
        (error: unknown) => this.#failed(error),
      )
      .then((isWritten) => {
        this.#step = null;
        if (isWritten && this.#queue.length > 0) void this.#advance();
        return isWritten;
      });
    this.#step = step;
    return step;
  }

  /** Does one step. Says whether there is more in the file than before, as far as is certain. */
  async #writeWaiting(): Promise<boolean> {
    const file = await this.#open();
    const tried = [...this.#queue];
    const missing = new Set(await file.append(tried.map((line) => line.bytes)));
    const written = new Set(tried.filter((line) => !missing.has(line.bytes)));
    this.#setQueue(this.#queue.filter((line) => !written.has(line)));
    return written.size > 0;
  }

  async #open(): Promise<LineFile> {
    this.#file ??= new LineFile(await this.#openFile(this.#options.path));
    if (this.#isBegun) return this.#file;
    if (await this.#file.isEmpty()) this.#begin();
    this.#isBegun = true;
    return this.#file;
  }

  /** Has the file begin with the preamble, unless it begins as a new thread's does. */
  #begin(): void {
    const { preamble } = this.#options;
    if (preamble === undefined || this.#queue[0]?.type === 'session_meta') return;
    const lines = preamble().flatMap((entry) => {
      const bytes = this.#encode(entry);
      return bytes === null ? [] : [{ type: entry.type, bytes, number: 0 }];
    });
    this.#setQueue([...lines, ...this.#queue]);
  }

  #setQueue(lines: WaitingLine[]): void {
    this.#queue = lines;
    this.#queueBytes = lines.reduce((sum, line) => sum + line.bytes.length, 0);
  }

  #succeeded(): boolean {
    const { logger, path } = this.#options;
    if (this.#isFailing) logger.info({ path }, 'the rollout file can be written again');
    if (this.#refused > 0) {
      logger.error({ path, lines: this.#refused }, 'rollout lines were lost while the queue was full');
    }
    this.#isFailing = false;
    this.#refused = 0;
    return true;
  }

  async #failed(error: unknown): Promise<boolean> {
    const { logger, onTrouble, path, preamble } = this.#options;
    const isGone = error instanceof FileGoneError;
    // A descriptor that is none any more, or that leads to no name, is of no further use.
    if (isGone || errorCode(error) === 'EBADF') await this.#release();
    if (isGone && preamble !== undefined) {
      onTrouble(`${path} was deleted while its thread was in use; a new file holds what comes from now on`);
      return true;
    }
    if (isGone) {
      this.#isGone = true;
      this.#setQueue([]);
    }
    if (!this.#isFailing) {
      const reason = isGone ? 'it was deleted' : errorCode(error);
      onTrouble(`${path} cannot be written: ${reason}`);
      logger.error({ path, reason: errorMessage(error) }, 'the rollout file cannot be written');
    }
    this.#isFailing = true;
    return false;
  }

  async #close(): Promise<void> {
    const isWritten = await this.flush();
    if (!isWritten && this.#queue.length > 0) {
      const { logger, path } = this.#options;
      logger.error({ path, lines: this.#queue.length }, 'rollout lines are lost: the file cannot be written');
    }
    await this.#release();
  }

  async #release(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    this.#isBegun = false;
    await file?.close().catch((error: unknown) => {
      const { logger, path } = this.#options;
      logger.warn({ path, code: errorCode(error) }, 'a rollout file could not be closed');
    });
  }
}
