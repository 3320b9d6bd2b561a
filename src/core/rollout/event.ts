import * as z from 'zod/mini';

const optionalText = z.nullish(z.string());
/** Unix seconds. */
const seconds = z.nullish(z.number());
const milliseconds = z.nullish(z.number());

const StoredTextElement = z.object({
  byte_range: z.object({ start: z.int(), end: z.int() }),
  placeholder: optionalText,
});

const StoredUsage = z.object({
  input_tokens: z.number(),
  cached_input_tokens: z.number(),
  output_tokens: z.number(),
  reasoning_output_tokens: z.number(),
  total_tokens: z.number(),
});
export type StoredUsage = z.infer<typeof StoredUsage>;

const TokenCountInfo = z.object({
  total_token_usage: StoredUsage,
  last_token_usage: StoredUsage,
  model_context_window: z.nullish(z.number()),
});

const turnStarted = {
  turn_id: z.string(),
  started_at: seconds,
  model_context_window: z.nullish(z.number()),
  collaboration_mode_kind: optionalText,
};

const turnComplete = {
  turn_id: optionalText,
  last_agent_message: optionalText,
  completed_at: seconds,
  duration_ms: milliseconds,
  time_to_first_token_ms: milliseconds,
};

/** The payload of `event_msg`: what happened in a thread, by `type`. `turn_started` and `turn_complete` are only read. */
export const RolloutEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('task_started'), ...turnStarted }),
  z.object({ type: z.literal('turn_started'), ...turnStarted }),
  z.object({ type: z.literal('task_complete'), ...turnComplete }),
  z.object({ type: z.literal('turn_complete'), ...turnComplete }),
  z.object({
    type: z.literal('turn_aborted'),
    turn_id: optionalText,
    /** `interrupted`, `replaced`, `review_ended` or `budget_limited`. */
    reason: z.string(),
    completed_at: seconds,
    duration_ms: milliseconds,
  }),
  z.object({
    type: z.literal('user_message'),
    message: z.string(),
    images: z.nullish(z.array(z.string())),
    local_images: z.nullish(z.array(z.string())),
    text_elements: z.nullish(z.array(StoredTextElement)),
  }),
  z.object({
    type: z.literal('agent_message'),
    message: z.string(),
    phase: optionalText,
    memory_citation: z.optional(z.unknown()),
  }),
  z.object({ type: z.literal('agent_reasoning'), text: z.string() }),
  z.object({ type: z.literal('agent_reasoning_raw_content'), text: z.string() }),
  z.object({
    type: z.literal('token_count'),
    info: z.nullish(TokenCountInfo),
    rate_limits: z.optional(z.unknown()),
  }),
  z.object({ type: z.literal('context_compacted') }),
  z.object({ type: z.literal('thread_rolled_back'), num_turns: z.int().check(z.gte(0)) }),
  z.object({ type: z.literal('thread_name_updated'), thread_id: optionalText, thread_name: optionalText }),
  z.object({
    type: z.literal('entered_review_mode'),
    user_facing_hint: optionalText,
  }),
  z.object({ type: z.literal('exited_review_mode'), review_output: z.optional(z.unknown()) }),
  z.object({
    type: z.literal('item_completed'),
    thread_id: optionalText,
    turn_id: optionalText,
    item: z.optional(z.unknown()),
  }),
]);
export type RolloutEvent = z.infer<typeof RolloutEvent>;
export type RolloutEventOf<T extends RolloutEvent['type']> = Extract<RolloutEvent, { type: T }>;
