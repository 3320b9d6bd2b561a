// Generated from the protocol schemas; do not edit.

export interface ThreadClosedNotification {
  threadId: string;
}
