// Generated from the protocol schemas; do not edit.

export interface ThreadRealtimeStopParams {
  threadId: string;
}
