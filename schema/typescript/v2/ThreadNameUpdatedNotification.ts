// Generated from the protocol schemas; do not edit.

export interface ThreadNameUpdatedNotification {
  threadId: string;
  threadName?: string | null;
}
