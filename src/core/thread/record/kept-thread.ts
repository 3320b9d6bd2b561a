import { stat } from 'node:fs/promises';
import type { ResponseItem } from '../../../responses/index.ts';
import { CoreError } from '../../errors.ts';
import { readHistory, readStored, RolloutError } from '../../rollout/index.ts';
import type { StoredThread } from '../../rollout/index.ts';
import { summarizedHistory } from '../../turn/compaction.ts';

/** A thread's file, as far as clients are shown it. */
export interface ThreadFile {
  readonly path: string;
  readonly stored: StoredThread;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A thread's file, with what the model is to remember. */
export interface KeptThread extends ThreadFile {
  readonly history: readonly ResponseItem[];
}

/**
 * Reads what clients are shown of a thread. Throws `rolloutUnreadable` where there is no such file or it cannot be read, and
 * `threadUnreadable` where it holds no thread.
 */
export async function readThreadFile(path: string, { turns }: { turns: boolean }): Promise<ThreadFile> {
  const stored = await readStored(path, { turns }).catch(unreadable);
  const { mtimeMs } = await stat(path);
  const createdAt = Date.parse(stored.meta.timestamp);
  return { path, stored, createdAt: Number.isNaN(createdAt) ? mtimeMs : createdAt, updatedAt: mtimeMs };
}

/** Reads everything that a thread needs to go on. Throws as `readThreadFile` does. */
export async function readKeptThread(path: string, { turns }: { turns: boolean }): Promise<KeptThread> {
  const file = await readThreadFile(path, { turns });
  const history = await readHistory(path, file.stored, summarizedHistory).catch(unreadable);
  return { ...file, history };
}

export function rolloutNotFound(id: string): CoreError {
  return noRollout(`no rollout found for thread id ${id}`);
}

/** There is no file of a thread; what is said of it depends on what was asked. */
export function noRollout(message: string): CoreError {
  return new CoreError('rolloutNotFound', message);
}

function unreadable(error: unknown): never {
  if (!(error instanceof RolloutError)) throw error;
  if (error.code === 'unreadable') {
    throw new CoreError('rolloutUnreadable', `failed to load rollout: ${error.message}`, { cause: error });
  }
  const message = `failed to read thread: thread-store internal error: ${error.message}`;
  throw new CoreError('threadUnreadable', message, { cause: error });
}
