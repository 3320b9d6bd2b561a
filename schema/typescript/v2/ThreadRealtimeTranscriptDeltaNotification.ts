// Generated from the protocol schemas; do not edit.

export interface ThreadRealtimeTranscriptDeltaNotification {
  threadId: string;
  role: string;
  delta: string;
}
