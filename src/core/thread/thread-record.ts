import { stat } from 'node:fs/promises';
import type { Logger } from '../../util/logger.ts';
import type { Recorder, RolloutEntry, SessionMeta, StoredGit } from '../rollout/index.ts';
import { RolloutWriter } from '../rollout/index.ts';

/** The longest time that anything waits for the file. */
const FLUSH_TIMEOUT_MS = 2_000;

export interface ThreadRecordOptions {
  readonly path: string;
  /** What the first line says, as far as it is known without asking git. */
  readonly meta: SessionMeta;
  /** False when the file is there already. */
  readonly isNew: boolean;
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
  #writer: RolloutWriter;
  #meta: SessionMeta;
  /** What waits for the file to begin; null when it has. */
  #waiting: RolloutEntry[] | null;
  #beginning: Promise<void> = Promise.resolve();
  #hasBegun: boolean;
  #asksGit = true;

  constructor(options: ThreadRecordOptions) {
    const { isNew, meta, path } = options;
    this.#options = options;
    this.#path = path;
    this.#meta = meta;
    this.#hasBegun = !isNew;
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
  recordGit(git: StoredGit | null): void {
    this.#asksGit = false;
    const { git: _, ...meta } = this.#meta;
    this.#meta = git === null ? meta : { ...meta, git };
    if (this.#hasBegun) this.record({ type: 'session_meta', payload: this.#meta });
    else this.record();
  }

  /** The file has been moved to another place. */
  async moveTo(path: string): Promise<void> {
    await withTimeout(this.#writer.close());
    this.#path = path;
    this.#writer = this.#openWriter();
  }

  async flush(): Promise<boolean> {
    return (await withTimeout(this.#beginning.then(() => this.#writer.flush()))) ?? false;
  }

  /** Writes what is left. Idempotent. */
  async close(): Promise<void> {
    await withTimeout(this.#beginning.then(() => this.#writer.close()));
  }

  #openWriter(): RolloutWriter {
    const { logger, now, onTrouble } = this.#options;
    const preamble = (): RolloutEntry[] => [{ type: 'session_meta', payload: this.#meta }];
    return new RolloutWriter({ path: this.#path, now, logger, onTrouble, preamble });
  }

  async #begin(): Promise<void> {
    const git = this.#asksGit ? await this.#options.git() : null;
    if (git !== null && this.#asksGit) this.#meta = { ...this.#meta, git };
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    this.#writer.append({ type: 'session_meta', payload: this.#meta }, ...waiting);
  }
}

/** Goes on, with nothing, when the file takes too long; what waits for it is written when it can be. */
async function withTimeout<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), FLUSH_TIMEOUT_MS);
  });
  const first = await Promise.race([work, timeout]);
  clearTimeout(timer);
  return first;
}
