// Generated from the protocol schemas; do not edit.

export interface ContextCompactedNotification {
  threadId: string;
  turnId: string;
}
