import type { ThreadItem, ThreadTokenUsage, TokenUsageBreakdown, Turn } from '../../protocol/index.ts';
import type { RolloutEntry, RolloutEvent, StoredUsage } from '../rollout/index.ts';

/** What the entries about a turn say that its view does not. */
export interface TurnFacts {
  readonly modelContextWindow: number | null;
  readonly collaborationMode: string;
}

export function turnStartedEntry(turn: Turn, facts: TurnFacts): RolloutEntry {
  return event({
    type: 'task_started',
    turn_id: turn.id,
    started_at: turn.startedAt,
    model_context_window: facts.modelContextWindow,
    collaboration_mode_kind: facts.collaborationMode,
  });
}

/** A failure is told in a line of its own, because the reference has none for it. */
export function turnEndedEntries(
  turn: Turn,
  lastAgentMessage: string | null,
  timeToFirstTokenMs: number | null,
): RolloutEntry[] {
  const { completedAt: completed_at, durationMs: duration_ms, error, id: turn_id, status } = turn;
  if (status === 'interrupted') {
    return [event({ type: 'turn_aborted', turn_id, reason: 'interrupted', completed_at, duration_ms })];
  }
  return [
    ...(error === null ? [] : [{ type: 'turn_failed' as const, payload: { turn_id, error } }]),
    event({
      type: 'task_complete',
      turn_id,
      last_agent_message: lastAgentMessage,
      completed_at,
      duration_ms,
      time_to_first_token_ms: timeToFirstTokenMs,
    }),
  ];
}

/**
 * An item that a turn has completed: its id, and the events that the reference writes for it. For an item that it
 * writes no event for, the item as clients see it.
 */
export function itemEntries(
  { threadId, turnId }: { readonly threadId: string; readonly turnId: string },
  item: ThreadItem,
): RolloutEntry[] {
  const events =
    item.type === 'plan' && item.text !== '' ? [planEvent(threadId, turnId, item)] : itemEvents(item);
  const stored = { turn_id: turnId, id: item.id, item: events.length === 0 ? item : null };
  return [{ type: 'thread_item', payload: stored }, ...events.map(event)];
}

export function tokenCountEntry(usage: ThreadTokenUsage | null): RolloutEntry {
  const info =
    usage === null
      ? null
      : {
          total_token_usage: storedUsage(usage.total),
          last_token_usage: storedUsage(usage.last),
          model_context_window: usage.modelContextWindow,
        };
  return event({ type: 'token_count', info, rate_limits: null });
}

function event(payload: RolloutEvent): RolloutEntry {
  return { type: 'event_msg', payload };
}

function itemEvents(item: ThreadItem): RolloutEvent[] {
  switch (item.type) {
    case 'userMessage':
      return [userMessageEvent(item)];
    case 'agentMessage':
      if (item.text === '') return [];
      return [{ type: 'agent_message', message: item.text, phase: item.phase, memory_citation: null }];
    case 'reasoning':
      return [
        ...item.summary.map((text) => ({ type: 'agent_reasoning' as const, text })),
        ...item.content.map((text) => ({ type: 'agent_reasoning_raw_content' as const, text })),
      ];
    case 'contextCompaction':
      return [{ type: 'context_compacted' }];
    default:
      return [];
  }
}

function planEvent(
  thread_id: string,
  turn_id: string,
  { id, text }: Extract<ThreadItem, { type: 'plan' }>,
): RolloutEvent {
  return { type: 'item_completed', thread_id, turn_id, item: { type: 'Plan', id, text } };
}

/** All texts of a message become one, and the places of their elements move with them. */
function userMessageEvent({ content }: Extract<ThreadItem, { type: 'userMessage' }>): RolloutEvent {
  let message = '';
  const text_elements: { byte_range: { start: number; end: number }; placeholder: string | null }[] = [];
  for (const part of content) {
    if (part.type !== 'text') continue;
    const before = Buffer.byteLength(message);
    message += part.text;
    for (const { byteRange, placeholder } of part.text_elements) {
      const byte_range = { start: before + byteRange.start, end: before + byteRange.end };
      text_elements.push({ byte_range, placeholder });
    }
  }
  return {
    type: 'user_message',
    message,
    images: content.flatMap((part) => (part.type === 'image' ? [part.url] : [])),
    local_images: content.flatMap((part) => (part.type === 'localImage' ? [part.path] : [])),
    text_elements,
  };
}

function storedUsage(usage: TokenUsageBreakdown): StoredUsage {
  return {
    input_tokens: usage.inputTokens,
    cached_input_tokens: usage.cachedInputTokens,
    output_tokens: usage.outputTokens,
    reasoning_output_tokens: usage.reasoningOutputTokens,
    total_tokens: usage.totalTokens,
  };
}
