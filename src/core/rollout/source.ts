import * as z from 'zod/mini';
import type { SessionSource, ThreadSourceKind } from '../../protocol/index.ts';

/** The kinds that a list shows unless it is asked for others: those with a person at them. */
export const INTERACTIVE_KINDS: readonly ThreadSourceKind[] = ['cli', 'vscode'];

const optionalText = z.nullish(z.string());

const StoredSubAgent = z.union([
  z.enum(['review', 'compact', 'memory_consolidation']),
  z.object({
    thread_spawn: z.object({
      parent_thread_id: z.string(),
      depth: z.int(),
      agent_path: optionalText,
      agent_nickname: optionalText,
      agent_role: optionalText,
    }),
  }),
  z.object({ other: z.string() }),
]);
type StoredSubAgent = z.infer<typeof StoredSubAgent>;

const StoredSource = z.union([
  z.enum(['cli', 'vscode', 'exec', 'mcp', 'unknown']),
  z.object({ custom: z.string() }),
  z.object({ subagent: StoredSubAgent }),
  z.object({ subAgent: StoredSubAgent }),
]);

/** How `session_meta` spells a source. */
export function storedSource(source: SessionSource): unknown {
  if (source === 'appServer') return 'mcp';
  if (typeof source === 'object' && 'subAgent' in source) return { subagent: source.subAgent };
  return source;
}

/** Reads the source of a `session_meta`. A missing one means `vscode`; anything that is not known, `unknown`. */
export function sourceOfStored(stored: unknown): SessionSource {
  if (stored === undefined || stored === null) return 'vscode';
  const parsed = StoredSource.safeParse(stored);
  if (!parsed.success) return 'unknown';
  const source = parsed.data;
  if (source === 'mcp') return 'appServer';
  if (typeof source === 'string' || 'custom' in source) return source;
  return { subAgent: subAgentOf('subagent' in source ? source.subagent : source.subAgent) };
}

/** Whether a thread of this source is meant by a kind. Custom sources have no kind of their own and count as unknown. */
export function isOfKind(source: SessionSource, kind: ThreadSourceKind): boolean {
  if (typeof source === 'string') return source === kind;
  if ('custom' in source) return kind === 'unknown';
  return kind === 'subAgent' || kind === subAgentKind(source);
}

function subAgentKind({ subAgent }: Extract<SessionSource, { subAgent: unknown }>): ThreadSourceKind {
  if (subAgent === 'review') return 'subAgentReview';
  if (subAgent === 'compact') return 'subAgentCompact';
  if (typeof subAgent === 'object' && 'thread_spawn' in subAgent) return 'subAgentThreadSpawn';
  return 'subAgentOther';
}

function subAgentOf(stored: StoredSubAgent): Extract<SessionSource, { subAgent: unknown }>['subAgent'] {
  if (typeof stored === 'string' || 'other' in stored) return stored;
  const { parent_thread_id, depth, agent_path, agent_nickname, agent_role } = stored.thread_spawn;
  return {
    thread_spawn: {
      parent_thread_id,
      depth,
      agent_path: agent_path ?? null,
      agent_nickname: agent_nickname ?? null,
      agent_role: agent_role ?? null,
    },
  };
}
