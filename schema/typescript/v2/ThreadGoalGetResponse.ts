// Generated from the protocol schemas; do not edit.

import type { ThreadGoal } from './ThreadGoal.js';

export interface ThreadGoalGetResponse {
  goal: ThreadGoal | null;
}
