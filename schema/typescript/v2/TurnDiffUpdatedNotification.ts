// Generated from the protocol schemas; do not edit.

export interface TurnDiffUpdatedNotification {
  threadId: string;
  turnId: string;
  diff: string;
}
