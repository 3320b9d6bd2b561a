import * as z from 'zod/mini';
import { jsonValue, uint32 } from '../scalars.ts';
import { Thread } from './thread.ts';

/** Takes the last turns out of what the thread remembers; the files they changed stay changed. */
export const ThreadRollbackParams = z.object({
  threadId: z.string(),
  /** At least 1; more than there are takes all of them. */
  numTurns: uint32,
});
export type ThreadRollbackParams = z.infer<typeof ThreadRollbackParams>;

/** With the turns that are left. */
export const ThreadRollbackResponse = z.object({ thread: Thread });
export type ThreadRollbackResponse = z.infer<typeof ThreadRollbackResponse>;

/** Adds to what the model remembers, without a turn. */
export const ThreadInjectItemsParams = z.object({
  threadId: z.string(),
  /** Items as the model's API spells them. The handler checks each, so that a refusal can tell which one is wrong. */
  items: z.array(jsonValue),
});
export type ThreadInjectItemsParams = z.infer<typeof ThreadInjectItemsParams>;

export const ThreadInjectItemsResponse = z.object({});
export type ThreadInjectItemsResponse = z.infer<typeof ThreadInjectItemsResponse>;
