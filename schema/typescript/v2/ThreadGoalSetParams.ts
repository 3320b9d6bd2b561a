// Generated from the protocol schemas; do not edit.

import type { ThreadGoalStatus } from './ThreadGoalStatus.js';

export interface ThreadGoalSetParams {
  threadId: string;
  objective?: string | null;
  status?: ThreadGoalStatus | null;
  tokenBudget?: number | null;
}
