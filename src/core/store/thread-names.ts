import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { errorCode } from '../../util/error-code.ts';
import { readLines } from '../rollout/read-lines.ts';
import { LineFile, openAppendFile } from '../rollout/line-file.ts';

const INDEX_FILE = 'session_index.jsonl';
/** A longer line names nothing that this program wrote. */
const MAX_LINE_BYTES = 1024 * 1024;

const NameLine = z.object({ id: z.string(), thread_name: z.string() });

interface IndexState {
  readonly mtimeMs: number;
  readonly size: number;
}

/** The names that users gave to threads: an index file in CODEX_HOME that only grows, where the last line of an id wins. */
export class ThreadNames {
  readonly #path: string;
  readonly #now: () => number;
  #known: { readonly state: IndexState; readonly names: Promise<ReadonlyMap<string, string>> } | null = null;

  /** `now` gives Unix milliseconds. */
  constructor(codexHome: string, now: () => number) {
    this.#path = join(codexHome, INDEX_FILE);
    this.#now = now;
  }

  /** All names by thread id. Lines that cannot be read are skipped. Throws the error of the file system. */
  async all(): Promise<ReadonlyMap<string, string>> {
    const state = await this.#state();
    if (state === null) return new Map();
    if (this.#known === null || !isSame(this.#known.state, state)) {
      this.#known = { state, names: readNames(this.#path) };
    }
    const { names } = this.#known;
    try {
      return await names;
    } catch (error) {
      if (this.#known?.names === names) this.#known = null;
      throw error;
    }
  }

  /** Names a thread. Throws the error of the file system. */
  async set(threadId: string, name: string): Promise<void> {
    const updatedAt = new Date(this.#now()).toISOString();
    const line = JSON.stringify({ id: threadId, thread_name: name, updated_at: updatedAt });
    const file = new LineFile(await openAppendFile(this.#path));
    try {
      let missing: readonly Buffer[] = [Buffer.from(`${line}\n`)];
      while (missing.length > 0) missing = await file.append(missing);
    } finally {
      // Within one tick of the file's clock, an index of the same length may be another.
      this.#known = null;
      await file.close();
    }
  }

  async #state(): Promise<IndexState | null> {
    try {
      const { mtimeMs, size } = await stat(this.#path);
      return { mtimeMs, size };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }
}

function isSame(one: IndexState, other: IndexState): boolean {
  return one.mtimeMs === other.mtimeMs && one.size === other.size;
}

async function readNames(path: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for await (const lines of readLines(path, { maxLineBytes: MAX_LINE_BYTES })) {
    for (const { bytes } of lines) {
      const line = NameLine.safeParse(parseJson(bytes.toString()));
      if (line.success) names.set(line.data.id, line.data.thread_name);
    }
  }
  return names;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A line that is no JSON names nothing; the schema refuses an undefined value.
    return undefined;
  }
}
