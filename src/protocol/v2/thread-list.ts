import * as z from 'zod/mini';
import { uint32 } from '../scalars.ts';
import { Thread } from './thread.ts';

export const SortDirection = z.enum(['asc', 'desc']);
export type SortDirection = z.infer<typeof SortDirection>;

export const ThreadSortKey = z.enum(['created_at', 'updated_at']);
export type ThreadSortKey = z.infer<typeof ThreadSortKey>;

/** A kind of program or sub-agent that opened a thread; `subAgent` stands for every kind of sub-agent. */
export const ThreadSourceKind = z.enum([
  'cli',
  'vscode',
  'exec',
  'appServer',
  'subAgent',
  'subAgentReview',
  'subAgentCompact',
  'subAgentThreadSpawn',
  'subAgentOther',
  'unknown',
]);
export type ThreadSourceKind = z.infer<typeof ThreadSourceKind>;

/** One working directory or any of several; an empty list fits no thread. */
export const ThreadListCwdFilter = z.union([z.string(), z.array(z.string())]);
export type ThreadListCwdFilter = z.infer<typeof ThreadListCwdFilter>;

export const ThreadListParams = z.object({
  /** A cursor of an earlier answer. */
  cursor: z.nullish(z.string()),
  /** 25 unless given; 1 to 100, and what is outside acts as the nearer end. */
  limit: z.nullish(uint32),
  /** `created_at` unless given. */
  sortKey: z.nullish(ThreadSortKey),
  /** `desc` unless given. */
  sortDirection: z.nullish(SortDirection),
  /** Absent or null: only the configured default provider. Empty: every provider. */
  modelProviders: z.nullish(z.array(z.string())),
  /** Absent, null or empty: `cli` and `vscode`. */
  sourceKinds: z.nullish(z.array(ThreadSourceKind)),
  /** Only the threads in the archive; without it, only those outside. */
  archived: z.nullish(z.boolean()),
  cwd: z.nullish(ThreadListCwdFilter),
  /** Accepted and ignored: the files are looked at in any case, which is cheap. */
  useStateDbOnly: z._default(z.boolean(), false),
  /** A part of the first user message, in the same case. */
  searchTerm: z.nullish(z.string()),
});
export type ThreadListParams = z.infer<typeof ThreadListParams>;

export const ThreadListResponse = z.object({
  /** Without their turns. */
  data: z.array(Thread),
  /** Null when there is no further thread. */
  nextCursor: z.nullable(z.string()),
  /** With the opposite direction: the first thread of this page again, and what lies before it. */
  backwardsCursor: z.nullable(z.string()),
});
export type ThreadListResponse = z.infer<typeof ThreadListResponse>;

export const ThreadLoadedListParams = z.object({
  /** The last id of the page before. */
  cursor: z.nullish(z.string()),
  /** No limit unless given; 0 acts as 1. */
  limit: z.nullish(uint32),
});
export type ThreadLoadedListParams = z.infer<typeof ThreadLoadedListParams>;

export const ThreadLoadedListResponse = z.object({
  /** Thread ids, ascending. */
  data: z.array(z.string()),
  nextCursor: z.nullable(z.string()),
});
export type ThreadLoadedListResponse = z.infer<typeof ThreadLoadedListResponse>;
