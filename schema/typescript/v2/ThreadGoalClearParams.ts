// Generated from the protocol schemas; do not edit.

export interface ThreadGoalClearParams {
  threadId: string;
}
