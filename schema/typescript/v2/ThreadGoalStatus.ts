// Generated from the protocol schemas; do not edit.

export type ThreadGoalStatus = 'active' | 'paused' | 'budgetLimited' | 'complete';
