// Generated from the protocol schemas; do not edit.

export interface ThreadUnarchivedNotification {
  threadId: string;
}
