import * as z from 'zod/mini';
import { int64 } from '../scalars.ts';

export const TokenUsageBreakdown = z.object({
  totalTokens: int64,
  inputTokens: int64,
  cachedInputTokens: int64,
  outputTokens: int64,
  reasoningOutputTokens: int64,
});
export type TokenUsageBreakdown = z.infer<typeof TokenUsageBreakdown>;

/** `total` sums the thread; `last` is the most recent model response. */
export const ThreadTokenUsage = z.object({
  total: TokenUsageBreakdown,
  last: TokenUsageBreakdown,
  modelContextWindow: z.nullable(int64),
});
export type ThreadTokenUsage = z.infer<typeof ThreadTokenUsage>;

export const ThreadTokenUsageUpdatedNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  tokenUsage: ThreadTokenUsage,
});
export type ThreadTokenUsageUpdatedNotification = z.infer<typeof ThreadTokenUsageUpdatedNotification>;
