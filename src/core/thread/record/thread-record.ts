import { stat } from 'node:fs/promises';
import { errorCode } from '../../../util/error-code.ts';
import { settledWithin } from '../../../util/settled-within.ts';
import type { Logger } from '../../../util/logger.ts';
import type { AppendFile, Recorder, RolloutEntry, SessionMeta, StoredGit } from '../../rollout/index.ts';
import { withMetaChange } from './meta-record.ts';
import type { MetaChange } from './meta-record.ts';
import { openAppendFile, openExistingFile, RolloutWriter } from '../../rollout/index.ts';

/** The longest time that anything waits for the file; what waits to be written then is written when it can be. */
const FLUSH_TIMEOUT_MS = 2_000;

export interface ThreadRecordOptions {
  readonly path: string;
  /** What the first line says, as far as it is known without asking git. */
  readonly meta: SessionMeta;
  /** False when the file is there already. */
  readonly isNew: boolean;
  /** Where the thread's file is; asked when it is not where it was. Null where there is none. */
  readonly find: () => Promise<string | null>;
  /** Asked once, before a new file begins. */
  readonly git: () => Promise<StoredGit | null>;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly logger: Logger;
  /** Called when the file cannot be written, with a message for the user. */
  readonly onTrouble: (message: string) => void;
}

/** The rollout file of one thread. It begins with the first entry, so that a thread in which nothing happens has none. */
export class ThreadRecord implements Recorder {
  readonly #options: ThreadRecordOptions;
  #path: string;
  readonly #writer: RolloutWriter;
  #meta: SessionMeta;
  /** What waits for the file to begin; null when it has. */
  #waiting: RolloutEntry[] | null;
  #beginning: Promise<void> = Promise.resolve();
  #hasBegun: boolean;
  /** Whether there was a file when it was looked at last. */
  #hasFile: boolean;
  #asksGit = true;

  constructor(options: ThreadRecordOptions) {
    const { isNew, meta, path } = options;
    this.#options = options;
    this.#path = path;
    this.#meta = meta;
    this.#hasBegun = !isNew;
    this.#hasFile = !isNew;
    this.#waiting = isNew ? [] : null;
    this.#writer = this.#openWriter();
  }

  /** Whether there is a file, or will be in a moment. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get path(): string {
    return this.#path;
  }

  get git(): StoredGit | null {
    return this.#meta.git ?? null;
  }

  /** When the file was last written, in Unix milliseconds; null while there is none. */
  async modifiedAt(): Promise<number | null> {
    await this.flush();
    return stat(this.path).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
  }

  record(...entries: readonly RolloutEntry[]): void {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#beginning = this.#begin();
    }
    if (this.#waiting === null) this.#writer.append(...entries);
    else this.#waiting.push(...entries);
  }

  /** Keeps other facts of the thread from now on; the latest line counts. */
  recordMeta(change: MetaChange): void {
    if (change.git !== undefined) this.#asksGit = false;
    this.#meta = withMetaChange(this.#meta, change);
    if (this.#hasBegun) this.record({ type: 'session_meta', payload: this.#meta });
    else this.record();
  }

  /** The file has been moved to another place; what is open of it has moved with it. */
  moveTo(path: string): void {
    this.#path = path;
  }

  /** Afterwards `path` is where the file is, also where another program has moved it. */
  async flush(): Promise<boolean> {
    const isWritten = await settledWithin(
      this.#beginning.then(() => this.#writer.flush()),
      FLUSH_TIMEOUT_MS,
    );
    await this.#follow();
    return isWritten ?? false;
  }

  /** Writes entries to a file that has begun now or not at all. Gives whether they are in it. */
  async write(...entries: readonly RolloutEntry[]): Promise<boolean> {
    return (
      (await settledWithin(
        this.#beginning.then(() => this.#writer.write(...entries)),
        FLUSH_TIMEOUT_MS,
      )) ?? false
    );
  }

  /** Writes what is left. Idempotent. */
  async close(): Promise<void> {
    await settledWithin(
      this.#beginning.then(() => this.#writer.close()),
      FLUSH_TIMEOUT_MS,
    );
  }

  #openWriter(): RolloutWriter {
    const { logger, now, onTrouble } = this.#options;
    const preamble = (): RolloutEntry[] => [{ type: 'session_meta', payload: this.#meta }];
    const openFile = (): Promise<AppendFile> => this.#openFile();
    return new RolloutWriter({ path: this.#path, now, logger, onTrouble, preamble, openFile });
  }

  /** Makes the file only where there is none of this thread: another program may have archived it. */
  async #openFile(): Promise<AppendFile> {
    if (this.#hasFile) {
      await this.#follow();
      try {
        return await openExistingFile(this.#path);
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') throw error;
      }
    }
    const file = await openAppendFile(this.#path);
    this.#hasFile = true;
    return file;
  }

  /** Looks for the file where it is not in its place. */
  async #follow(): Promise<void> {
    if (!this.#hasFile || !(await isMissing(this.#path))) return;
    this.#path = (await this.#options.find()) ?? this.#path;
  }

  async #begin(): Promise<void> {
    const git = this.#asksGit ? await this.#options.git() : null;
    if (git !== null && this.#asksGit) this.#meta = { ...this.#meta, git };
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    this.#writer.append({ type: 'session_meta', payload: this.#meta }, ...waiting);
  }
}

async function isMissing(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    (error: unknown) => errorCode(error) === 'ENOENT',
  );
}
