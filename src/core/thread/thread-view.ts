import type { Thread, ThreadStatus, Turn } from '../../protocol/index.ts';
import { sourceOfStored } from '../rollout/index.ts';
import type { SessionMeta } from '../rollout/index.ts';
import { gitInfoOf } from '../git/index.ts';

/** What a thread is, besides what happened in it. */
export interface ThreadFacts {
  readonly meta: SessionMeta;
  readonly modelProvider: string;
  /** Null for an ephemeral thread. */
  readonly path: string | null;
  readonly preview: string;
  readonly name: string | null;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A thread as clients see it. */
export function threadView(facts: ThreadFacts, status: ThreadStatus, turns: Turn[] = []): Thread {
  const { meta, path } = facts;
  return {
    id: meta.id,
    sessionId: meta.id,
    forkedFromId: meta.forked_from_id ?? null,
    preview: facts.preview,
    ephemeral: path === null,
    modelProvider: facts.modelProvider,
    createdAt: Math.floor(facts.createdAt / 1000),
    updatedAt: Math.floor(facts.updatedAt / 1000),
    status,
    path,
    cwd: meta.cwd,
    cliVersion: meta.cli_version,
    source: sourceOfStored(meta.source),
    threadSource: meta.thread_source ?? null,
    agentNickname: meta.agent_nickname ?? null,
    agentRole: meta.agent_role ?? null,
    gitInfo: gitInfoOf(meta.git),
    name: facts.name,
    turns,
  };
}
