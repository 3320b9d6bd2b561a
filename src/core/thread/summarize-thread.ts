import type { ThreadMemorySummarizeResponse } from '../../protocol/index.ts';
import { errorMessage } from '../../util/errors.ts';
import { CoreError } from '../errors.ts';
import type { Agent } from '../turn/agent.ts';
import { storeMemory } from './record/memory-file.ts';

export interface SummarizedThread {
  readonly id: string;
  /** Null for an ephemeral thread, of which nothing is kept. */
  readonly path: string | null;
  readonly agent: Pick<Agent, 'summarizeMemory'>;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/**
 * Has the provider summarise a thread so far, and keeps the summary beside the thread, unless that is ephemeral. Throws
 * `memoryUnavailable`.
 */
export async function summarizeThread(
  { agent, id, now, path }: SummarizedThread,
  signal: AbortSignal,
): Promise<ThreadMemorySummarizeResponse> {
  const made = await agent.summarizeMemory(path ?? id, signal).catch(memoryUnavailable);
  if (made === null) throw new CoreError('memoryUnavailable', `thread ${id} has nothing to summarise yet`);
  const createdAt = Math.floor(now() / 1000);
  const summary = made.memorySummary;
  if (path !== null) {
    const memory = { threadId: id, summary, traceSummary: made.traceSummary, createdAt };
    await storeMemory(path, memory).catch(memoryUnavailable);
  }
  return { summary, createdAt };
}

function memoryUnavailable(error: unknown): never {
  throw new CoreError('memoryUnavailable', errorMessage(error), { cause: error });
}
