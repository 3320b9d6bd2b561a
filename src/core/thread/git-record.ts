import type { CoreEnvironment } from '../environment.ts';
import { CoreError } from '../errors.ts';
import { RolloutWriter } from '../rollout/index.ts';
import type { SessionMeta, StoredGit } from '../rollout/index.ts';

/** Adds to the file of a thread that is not loaded what is known of its repository. Throws `threadUnwritable`. */
export async function recordGit(
  path: string,
  meta: SessionMeta,
  git: StoredGit | null,
  { logger, now }: Pick<CoreEnvironment, 'logger' | 'now'>,
): Promise<void> {
  const { git: _, ...rest } = meta;
  let trouble = `${path} could not be written`;
  const writer = new RolloutWriter({ path, now, logger, onTrouble: (message) => (trouble = message) });
  writer.append({ type: 'session_meta', payload: git === null ? rest : { ...rest, git } });
  const isWritten = await writer.flush();
  await writer.close();
  if (!isWritten) throw new CoreError('threadUnwritable', trouble);
}
