import type { SessionSource } from '../../protocol/index.ts';
import { currentConfig } from '../configuration.ts';
import type { CoreEnvironment } from '../environment.ts';
import { sourceOfStored } from '../rollout/index.ts';
import type { ThreadStore } from '../store/index.ts';
import { tellListProblems } from './list-problems.ts';

/** How many threads are asked for at once. */
const PAGE = 100;

/** The threads that were spawned by a thread and by those, as far as their files say, in reverse depth-first order. */
export async function spawnedBy(
  id: string,
  store: ThreadStore,
  environment: CoreEnvironment,
): Promise<string[]> {
  const children = await spawns(store, environment);
  const found: string[] = [];
  const visit = (parent: string): void => {
    for (const child of children.get(parent) ?? []) {
      if (child === id || found.includes(child)) continue;
      found.push(child);
      visit(child);
    }
  };
  visit(id);
  return found.toReversed();
}

/** Which threads were spawned by which, the oldest first. */
async function spawns(
  store: ThreadStore,
  environment: CoreEnvironment,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const children = new Map<string, string[]>();
  const defaultProvider = currentConfig(environment).modelProvider;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ThreadStore['list']>> = await store.list({
      cursor,
      limit: PAGE,
      defaultProvider,
      sortDirection: 'asc',
      sourceKinds: ['subAgentThreadSpawn'],
    });
    for (const { head, threadId } of page.data) {
      const parent = parentOf(sourceOfStored(head.meta.source));
      if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), threadId]);
    }
    tellListProblems(environment, page.problems);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return children;
}

function parentOf(source: SessionSource): string | null {
  if (typeof source === 'string' || !('subAgent' in source)) return null;
  const { subAgent } = source;
  return typeof subAgent === 'object' && 'thread_spawn' in subAgent
    ? subAgent.thread_spawn.parent_thread_id
    : null;
}
