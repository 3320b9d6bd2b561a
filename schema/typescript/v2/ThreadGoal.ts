// Generated from the protocol schemas; do not edit.

import type { ThreadGoalStatus } from './ThreadGoalStatus.js';

export interface ThreadGoal {
  threadId: string;
  objective: string;
  status: ThreadGoalStatus;
  tokenBudget: number | null;
  tokensUsed: number;
  timeUsedSeconds: number;
  createdAt: number;
  updatedAt: number;
}
