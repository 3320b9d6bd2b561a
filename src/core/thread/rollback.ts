import type { Thread as ThreadView } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { CoreEnvironment } from '../environment.ts';
import { CoreError } from '../errors.ts';
import { settled } from '../rollout/index.ts';
import { readKeptThread, rolloutNotFound } from './record/kept-thread.ts';
import { agentOf } from './open-thread.ts';
import type { Thread } from './thread.ts';

/**
 * Takes the last turns out of a thread and out of what its model remembers; files that they changed stay as they are.
 * What is left is read back from the thread's file, so that it is the same as after a restart. Throws `invalidInput`,
 * `turnActive`, `turnsUnavailable`, `rolloutNotFound`, `threadUnwritable` and `threadUnreadable`.
 */
export async function rollBack(
  thread: Thread,
  numTurns: number,
  { account, environment }: { account: Account; environment: CoreEnvironment },
): Promise<ThreadView> {
  if (numTurns < 1) throw new CoreError('invalidInput', 'numTurns must be >= 1');
  const { path } = thread;
  if (path === null) throw new CoreError('turnsUnavailable', 'ephemeral threads cannot be rolled back');
  if (!thread.isKept) throw rolloutNotFound(thread.id);
  const { turns, usage } = await thread.agent.alone(
    'Cannot rollback while a turn is in progress.',
    async () => {
      const payload = { type: 'thread_rolled_back', num_turns: numTurns } as const;
      const isKept = await thread.keepNow({ type: 'event_msg', payload });
      if (!isKept) throw new CoreError('threadUnwritable', `${path} could not be written`);
      const kept = await readKeptThread(thread.path ?? path, { turns: true });
      thread.agent.restore(agentOf(kept));
      return kept.stored;
    },
  );
  if (usage !== null) {
    const { turnId, usage: tokenUsage } = usage;
    environment.emit('threadTokenUsageUpdated', { threadId: thread.id, turnId, tokenUsage });
    environment.emit('accountRateLimitsUpdated', { threadId: thread.id, rateLimits: account.rateLimits });
  }
  return thread.readView(settled(turns));
}
