import * as z from 'zod/mini';
import { int64 } from '../scalars.ts';

export const ThreadCompactStartParams = z.object({ threadId: z.string() });
export type ThreadCompactStartParams = z.infer<typeof ThreadCompactStartParams>;

/** Sent at once; the compaction itself runs as a turn. */
export const ThreadCompactStartResponse = z.object({});
export type ThreadCompactStartResponse = z.infer<typeof ThreadCompactStartResponse>;

/** The older way to tell of a compaction; the item `contextCompaction` tells the same. */
export const ContextCompactedNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
});
export type ContextCompactedNotification = z.infer<typeof ContextCompactedNotification>;

export const ThreadMemorySummarizeParams = z.object({ threadId: z.string() });
export type ThreadMemorySummarizeParams = z.infer<typeof ThreadMemorySummarizeParams>;

/** What there is to remember of a thread. `createdAt` is in Unix seconds. */
export const ThreadMemorySummarizeResponse = z.object({
  summary: z.string(),
  createdAt: int64,
});
export type ThreadMemorySummarizeResponse = z.infer<typeof ThreadMemorySummarizeResponse>;
