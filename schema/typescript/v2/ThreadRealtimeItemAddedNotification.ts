// Generated from the protocol schemas; do not edit.

export interface ThreadRealtimeItemAddedNotification {
  threadId: string;
  item: unknown;
}
