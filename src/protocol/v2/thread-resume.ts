import * as z from 'zod/mini';
import { Personality } from './model.ts';
import { ResponseItem } from './response-item.ts';
import { threadOverrides } from './thread-overrides.ts';
import { ThreadStartResponse } from './thread-start.ts';
import { ThreadSource } from './thread.ts';

/**
 * Which thread to go on with. `history` wins over `path`, and `path` over `threadId`, which must be there all the same
 * and may then be any string.
 */
export const ThreadResumeParams = z.object({
  threadId: z.string(),
  /** What the model is to remember. It becomes a thread of its own, under a new id. */
  history: z.nullish(z.array(ResponseItem)),
  /** A rollout file, absolute or relative to the server's working directory. */
  path: z.nullish(z.string()),
  ...threadOverrides,
  personality: z.nullish(Personality),
  /** Answers with an empty `thread.turns`, and does not repeat the token usage. */
  excludeTurns: z._default(z.boolean(), false),
  persistExtendedHistory: z._default(z.boolean(), false),
});
export type ThreadResumeParams = z.infer<typeof ThreadResumeParams>;

export const ThreadResumeResponse = z.object(ThreadStartResponse.shape);
export type ThreadResumeResponse = z.infer<typeof ThreadResumeResponse>;

/** Which thread to copy. `path` wins over `threadId`, which must be there all the same and may then be any string. */
export const ThreadForkParams = z.object({
  threadId: z.string(),
  /** A rollout file, absolute or relative to the server's working directory. */
  path: z.nullish(z.string()),
  ...threadOverrides,
  ephemeral: z._default(z.boolean(), false),
  threadSource: z.nullish(ThreadSource),
  /** Answers with an empty `thread.turns`, and does not repeat the token usage. */
  excludeTurns: z._default(z.boolean(), false),
  persistExtendedHistory: z._default(z.boolean(), false),
});
export type ThreadForkParams = z.infer<typeof ThreadForkParams>;

export const ThreadForkResponse = z.object(ThreadStartResponse.shape);
export type ThreadForkResponse = z.infer<typeof ThreadForkResponse>;
