import * as z from 'zod/mini';
import { DynamicToolSpec, ThreadItem, ThreadSource, TurnError } from '../../protocol/index.ts';
import { RolloutEvent } from './event.ts';

const optionalText = z.nullish(z.string());

/** What git says of a thread's working directory; members that are not known are absent. */
export const StoredGit = z.object({
  commit_hash: optionalText,
  branch: optionalText,
  repository_url: optionalText,
});
export type StoredGit = z.infer<typeof StoredGit>;

/** The payload of `session_meta`: what the thread is. The first line of a file; a later one of the same id adds to it. */
export const SessionMeta = z.object({
  id: z.string(),
  forked_from_id: optionalText,
  /** RFC 3339, UTC: when the thread was created. */
  timestamp: z.string(),
  cwd: z.string(),
  originator: z.string(),
  cli_version: z.string(),
  /** As `storedSource` writes it; missing means `vscode`. */
  source: z.optional(z.unknown()),
  /** One that is not known here counts as none. */
  thread_source: z.catch(z.nullish(ThreadSource), null),
  agent_nickname: optionalText,
  agent_role: optionalText,
  /** Missing means the default provider. */
  model_provider: optionalText,
  base_instructions: z.nullish(z.object({ text: z.string() })),
  /** `enabled` or `disabled`: whether what happens in the thread may be remembered beyond it. */
  memory_mode: optionalText,
  /** Tools of the client's own; what cannot be read counts as none. */
  dynamic_tools: z.catch(z.nullish(z.array(DynamicToolSpec)), null),
  git: z.nullish(StoredGit),
});
export type SessionMeta = z.infer<typeof SessionMeta>;

/** The payload of `turn_context`: the settings of a turn, written before its user message. */
export const StoredTurnContext = z.object({
  turn_id: optionalText,
  cwd: z.string(),
  /** `YYYY-MM-DD`, in local time. */
  current_date: optionalText,
  timezone: optionalText,
  approval_policy: z.unknown(),
  /** Tagged `read-only`, `workspace-write`, `danger-full-access` or `external-sandbox`. */
  sandbox_policy: z.unknown(),
  model: z.string(),
  personality: optionalText,
  collaboration_mode: z.optional(z.unknown()),
  /** Whether a voice session was live. */
  realtime_active: z.nullish(z.boolean()),
  effort: optionalText,
  summary: z.optional(z.unknown()),
  truncation_policy: z.optional(z.unknown()),
});
export type StoredTurnContext = z.infer<typeof StoredTurnContext>;

/** The payload of `compacted`: what took the place of the model's history. */
export const Compacted = z.object({
  message: z.string(),
  /** Response items; missing in old files, which have only the summary in `message`. */
  replacement_history: z.nullish(z.array(z.unknown())),
});
export type Compacted = z.infer<typeof Compacted>;

/**
 * A line of this program's own, which the reference skips: an item as clients saw it. Where `item` is null, the next
 * event makes the item and this gives it its id.
 */
export const StoredThreadItem = z.object({
  turn_id: z.string(),
  id: z.string(),
  item: z.nullable(ThreadItem),
});
export type StoredThreadItem = z.infer<typeof StoredThreadItem>;

/** A line of this program's own: the turn of that id failed. */
export const TurnFailed = z.object({ turn_id: z.string(), error: TurnError });
export type TurnFailed = z.infer<typeof TurnFailed>;

/** A line of this program's own: the next event is something that was said on a call, and its item has this id. */
export const Utterance = z.object({
  id: z.string(),
  role: z.enum(['user', 'assistant']),
  realtime_session_id: optionalText,
});
export type Utterance = z.infer<typeof Utterance>;

/** A line of this program's own: the provider refused the images of the last output of this call that has any. */
export const RefusedImages = z.object({ call_id: z.string() });
export type RefusedImages = z.infer<typeof RefusedImages>;

/** The kinds of line that are known here, with their payloads. Files may hold others, which stay as they are. */
export const payloads = {
  session_meta: SessionMeta,
  /** One item of the model's input or output, as the Responses API spells it; read by `parseItem`. */
  response_item: z.record(z.string(), z.unknown()),
  turn_context: StoredTurnContext,
  event_msg: RolloutEvent,
  compacted: Compacted,
  thread_item: StoredThreadItem,
  turn_failed: TurnFailed,
  utterance: Utterance,
  refused_images: RefusedImages,
} as const;

export type LineType = keyof typeof payloads;

/** One line of a rollout file: its kind, and what it says. */
export type RolloutEntry = {
  [T in LineType]: { readonly type: T; readonly payload: z.infer<(typeof payloads)[T]> };
}[LineType];

/** The line as it is written, its line feed included. `at` is Unix milliseconds. */
export function encodeLine({ type, payload }: RolloutEntry, at: number): string {
  return `${JSON.stringify({ timestamp: new Date(at).toISOString(), type, payload })}\n`;
}

/** Reads a line. Null for anything that is no line of a known kind. Never throws. */
export function decodeLine(text: string): RolloutEntry | null {
  const line = parseJson(text);
  if (line === null || !isLineType(line['type'])) return null;
  const type = line['type'];
  const payload = payloads[type].safeParse(line['payload']);
  return payload.success ? ({ type, payload: payload.data } as RolloutEntry) : null;
}

function isLineType(type: unknown): type is LineType {
  return typeof type === 'string' && Object.hasOwn(payloads, type);
}

function parseJson(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
