// Generated from the protocol schemas; do not edit.

export interface ThreadRealtimeErrorNotification {
  threadId: string;
  message: string;
}
