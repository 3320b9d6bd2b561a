import type { ThreadTokenUsageUpdatedNotification, Turn } from '../../protocol/index.ts';
import { settled } from '../rollout/index.ts';
import type { OpenItems } from '../rollout/index.ts';
import { readThreadFile, rolloutNotFound } from './record/kept-thread.ts';
import type { ThreadFile } from './record/kept-thread.ts';
import type { Thread } from './thread.ts';

/** What a client is told of what happened in a thread. */
export interface ThreadPast {
  /** Empty where they are not wanted. */
  readonly turns: Turn[];
  /** Null where there is none, or it is not wanted. */
  readonly usage: ThreadTokenUsageUpdatedNotification | null;
}

export interface PastOptions {
  /** Whether it is wanted at all. */
  readonly turns: boolean;
}

/** The past as a file tells it; `running` is what a turn that runs has begun and not ended. */
export function pastOf(
  threadId: string,
  { stored: { turns, usage } }: ThreadFile,
  options: PastOptions,
  running: OpenItems | null = null,
): ThreadPast {
  if (!options.turns) return { turns: [], usage: null };
  return {
    turns: settled(turns, running),
    usage: usage === null ? null : { threadId, turnId: usage.turnId, tokenUsage: usage.usage },
  };
}

/**
 * The past of a loaded thread, as its file and the running turn tell it. Throws `rolloutNotFound` where nothing is kept of it, and as
 * `readThreadFile` does.
 */
export async function readPast(thread: Thread, options: PastOptions): Promise<ThreadPast> {
  // From before the file is read: what ends meanwhile is in the file.
  const { openItems } = thread.agent;
  await thread.flush();
  if (!thread.isKept || thread.path === null) throw rolloutNotFound(thread.id);
  const file = await readThreadFile(thread.path, options);
  return pastOf(thread.id, file, options, openItems ?? thread.agent.openItems);
}
