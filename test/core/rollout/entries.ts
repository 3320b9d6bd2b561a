import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RolloutEvent, StoredUsage } from '../../../src/core/rollout/event.ts';
import { encodeLine } from '../../../src/core/rollout/line.ts';
import type { RolloutEntry, SessionMeta, StoredTurnContext } from '../../../src/core/rollout/line.ts';
import type { ThreadItem, ThreadTokenUsage } from '../../../src/protocol/index.ts';

export const META: SessionMeta = {
  id: 'thread',
  timestamp: '2026-11-20T23:15:21.488Z',
  cwd: '/repo',
  originator: 'my_ide',
  cli_version: '0.130.0',
};

export function event(payload: RolloutEvent): RolloutEntry {
  return { type: 'event_msg', payload };
}

export function metaEntry(changes: Partial<SessionMeta> = {}): RolloutEntry {
  return { type: 'session_meta', payload: { ...META, ...changes } };
}

export function started(turnId: string, startedAt: number | null = null): RolloutEntry {
  return event({ type: 'task_started', turn_id: turnId, started_at: startedAt });
}

export function completed(turnId: string | null, completedAt: number | null = null): RolloutEntry {
  return event({ type: 'task_complete', turn_id: turnId, completed_at: completedAt });
}

export function aborted(turnId: string | null, completedAt: number | null = null): RolloutEntry {
  return event({ type: 'turn_aborted', turn_id: turnId, reason: 'interrupted', completed_at: completedAt });
}

export function asked(message: string): RolloutEntry {
  return event({ type: 'user_message', message });
}

export function answered(message: string): RolloutEntry {
  return event({ type: 'agent_message', message });
}

export function reasoned(text: string): RolloutEntry {
  return event({ type: 'agent_reasoning', text });
}

export function rolledBack(turns: number): RolloutEntry {
  return event({ type: 'thread_rolled_back', num_turns: turns });
}

export function utterance(role: 'user' | 'assistant', id: string): RolloutEntry {
  return { type: 'utterance', payload: { id, role, realtime_session_id: 'session' } };
}

/** Both lines of something that was said on a call. */
export function said(role: 'user' | 'assistant', id: string, text: string): RolloutEntry[] {
  return [utterance(role, id), role === 'user' ? asked(text) : answered(text)];
}

export function announced(turnId: string, id: string, item: ThreadItem | null = null): RolloutEntry {
  return { type: 'thread_item', payload: { turn_id: turnId, id, item } };
}

export function failed(turnId: string, message: string): RolloutEntry {
  const error = { message, codexErrorInfo: null, additionalDetails: null };
  return { type: 'turn_failed', payload: { turn_id: turnId, error } };
}

export function responseItem(role: string, text: string): RolloutEntry {
  return { type: 'response_item', payload: message(role, text) };
}

export function message(role: string, text: string) {
  const type = role === 'assistant' ? ('output_text' as const) : ('input_text' as const);
  return { type: 'message' as const, role, content: [{ type, text }] };
}

export function context(turnId: string | null, changes: Partial<StoredTurnContext> = {}): RolloutEntry {
  return { type: 'turn_context', payload: contextPayload(turnId, changes) };
}

export function contextPayload(turnId: string | null, changes: Partial<StoredTurnContext> = {}) {
  const payload = {
    cwd: '/repo',
    approval_policy: 'never',
    sandbox_policy: { type: 'read-only' },
    model: 'm',
  };
  return { ...payload, ...(turnId === null ? {} : { turn_id: turnId }), ...changes };
}

/** Null is an old one, that has only a summary. */
export function compacted(history: unknown[] | null, summary = ''): RolloutEntry {
  return {
    type: 'compacted',
    payload: { message: summary, ...(history === null ? {} : { replacement_history: history }) },
  };
}

export function tokens(total: number): RolloutEntry {
  return event({
    type: 'token_count',
    info: { total_token_usage: counters(total), last_token_usage: counters(1), model_context_window: 1000 },
  });
}

function counters(total: number): StoredUsage {
  return {
    input_tokens: total,
    cached_input_tokens: 2,
    output_tokens: 3,
    reasoning_output_tokens: 4,
    total_tokens: 5,
  };
}

/** What `tokens` reads as. */
export function usageOf(total: number): ThreadTokenUsage {
  return { total: breakdown(total), last: breakdown(1), modelContextWindow: 1000 };
}

function breakdown(total: number): ThreadTokenUsage['total'] {
  return {
    totalTokens: 5,
    inputTokens: total,
    cachedInputTokens: 2,
    outputTokens: 3,
    reasoningOutputTokens: 4,
  };
}

export function encoded(entries: readonly RolloutEntry[]): string {
  return entries.map((entry) => encodeLine(entry, 1_795_216_522_000)).join('');
}

/** A file of the folder that holds these lines, or bytes as they are. */
export async function rolloutFile(
  folder: string,
  content: readonly RolloutEntry[] | string | Uint8Array,
): Promise<string> {
  const path = join(folder, `rollout-${randomUUID()}.jsonl`);
  const isText = typeof content === 'string' || content instanceof Uint8Array;
  await writeFile(path, isText ? content : encoded(content));
  return path;
}
