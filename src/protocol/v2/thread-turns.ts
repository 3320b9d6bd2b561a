import * as z from 'zod/mini';
import { uint32 } from '../scalars.ts';
import { ThreadItem } from './item.ts';
import { SortDirection } from './thread-list.ts';
import { Thread } from './thread.ts';
import { Turn, TurnItemsView } from './turn.ts';

/** Looks at a thread, loaded or stored, without loading it or subscribing to it. */
export const ThreadReadParams = z.object({
  threadId: z.string(),
  includeTurns: z._default(z.boolean(), false),
});
export type ThreadReadParams = z.infer<typeof ThreadReadParams>;

export const ThreadReadResponse = z.object({ thread: Thread });
export type ThreadReadResponse = z.infer<typeof ThreadReadResponse>;

export const ThreadTurnsListParams = z.object({
  threadId: z.string(),
  /** A cursor of an earlier answer. */
  cursor: z.nullish(z.string()),
  /** 25 unless given, at most 100. */
  limit: z.nullish(uint32),
  /** `desc`, newest first, unless given. */
  sortDirection: z.nullish(SortDirection),
  /** `summary` unless given: the first user message and the last agent message of each turn. */
  itemsView: z.nullish(TurnItemsView),
});
export type ThreadTurnsListParams = z.infer<typeof ThreadTurnsListParams>;

export const ThreadTurnsListResponse = z.object({
  data: z.array(Turn),
  nextCursor: z.nullable(z.string()),
  backwardsCursor: z.nullable(z.string()),
});
export type ThreadTurnsListResponse = z.infer<typeof ThreadTurnsListResponse>;

export const ThreadTurnsItemsListParams = z.object({
  threadId: z.string(),
  turnId: z.string(),
  /** A cursor of an earlier answer. */
  cursor: z.nullish(z.string()),
  limit: z.nullish(uint32),
  sortDirection: z.nullish(SortDirection),
});
export type ThreadTurnsItemsListParams = z.infer<typeof ThreadTurnsItemsListParams>;

export const ThreadTurnsItemsListResponse = z.object({
  data: z.array(ThreadItem),
  nextCursor: z.nullable(z.string()),
  backwardsCursor: z.nullable(z.string()),
});
export type ThreadTurnsItemsListResponse = z.infer<typeof ThreadTurnsItemsListResponse>;
