import * as z from 'zod/mini';
import { int64 } from '../scalars.ts';

export const ThreadGoalStatus = z.enum(['active', 'paused', 'budgetLimited', 'complete']);
export type ThreadGoalStatus = z.infer<typeof ThreadGoalStatus>;

/** What a thread works towards from turn to turn. `createdAt` and `updatedAt` are Unix seconds. */
export const ThreadGoal = z.object({
  threadId: z.string(),
  objective: z.string(),
  status: ThreadGoalStatus,
  tokenBudget: z.nullable(int64),
  tokensUsed: int64,
  timeUsedSeconds: int64,
  createdAt: int64,
  updatedAt: int64,
});
export type ThreadGoal = z.infer<typeof ThreadGoal>;

export const ThreadGoalSetParams = z.object({
  threadId: z.string(),
  objective: z.nullish(z.string()),
  status: z.nullish(ThreadGoalStatus),
  /** Absent: keep. Null: none. */
  tokenBudget: z.nullish(int64),
});
export type ThreadGoalSetParams = z.infer<typeof ThreadGoalSetParams>;

export const ThreadGoalSetResponse = z.object({ goal: ThreadGoal });
export type ThreadGoalSetResponse = z.infer<typeof ThreadGoalSetResponse>;

export const ThreadGoalGetParams = z.object({ threadId: z.string() });
export type ThreadGoalGetParams = z.infer<typeof ThreadGoalGetParams>;

export const ThreadGoalGetResponse = z.object({ goal: z.nullable(ThreadGoal) });
export type ThreadGoalGetResponse = z.infer<typeof ThreadGoalGetResponse>;

export const ThreadGoalClearParams = z.object({ threadId: z.string() });
export type ThreadGoalClearParams = z.infer<typeof ThreadGoalClearParams>;

export const ThreadGoalClearResponse = z.object({ cleared: z.boolean() });
export type ThreadGoalClearResponse = z.infer<typeof ThreadGoalClearResponse>;
