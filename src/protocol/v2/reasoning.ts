import * as z from 'zod/mini';
import { int64 } from '../scalars.ts';

/** The next piece of the summary of a model's reasoning; `summaryIndex` counts the parts of the summary from 0. */
export const ReasoningSummaryTextDeltaNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  delta: z.string(),
  summaryIndex: int64,
});
export type ReasoningSummaryTextDeltaNotification = z.infer<typeof ReasoningSummaryTextDeltaNotification>;

/** A new part of the summary begins. */
export const ReasoningSummaryPartAddedNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  summaryIndex: int64,
});
export type ReasoningSummaryPartAddedNotification = z.infer<typeof ReasoningSummaryPartAddedNotification>;

/** The next piece of the reasoning itself, from a model that shows it. */
export const ReasoningTextDeltaNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  delta: z.string(),
  contentIndex: int64,
});
export type ReasoningTextDeltaNotification = z.infer<typeof ReasoningTextDeltaNotification>;
