// Generated from the protocol schemas; do not edit.

export interface ThreadRealtimeClosedNotification {
  threadId: string;
  reason: string | null;
}
