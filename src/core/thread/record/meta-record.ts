import type { CoreEnvironment } from '../../environment.ts';
import { CoreError } from '../../errors.ts';
import { RolloutWriter } from '../../rollout/index.ts';
import type { SessionMeta, StoredGit } from '../../rollout/index.ts';

/** What can be changed of the facts that are kept of a thread; what is not named stays. */
export interface MetaChange {
  /** What is known of the repository; null where nothing is. */
  readonly git?: StoredGit | null;
  readonly memory_mode?: 'enabled' | 'disabled';
}

export function withMetaChange(meta: SessionMeta, { git, ...change }: MetaChange): SessionMeta {
  if (git === undefined) return { ...meta, ...change };
  const { git: _, ...rest } = meta;
  return git === null ? { ...rest, ...change } : { ...rest, ...change, git };
}

/** Adds a change to the file of a thread that is not loaded. Throws `threadUnwritable`. */
export async function recordMeta(
  path: string,
  meta: SessionMeta,
  change: MetaChange,
  { logger, now }: Pick<CoreEnvironment, 'logger' | 'now'>,
): Promise<void> {
  let trouble = `${path} could not be written`;
  const writer = new RolloutWriter({ path, now, logger, onTrouble: (message) => (trouble = message) });
  writer.append({ type: 'session_meta', payload: withMetaChange(meta, change) });
  const isWritten = await writer.flush();
  await writer.close();
  if (!isWritten) throw new CoreError('threadUnwritable', trouble);
}
