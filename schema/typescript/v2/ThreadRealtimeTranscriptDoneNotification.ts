// Generated from the protocol schemas; do not edit.

export interface ThreadRealtimeTranscriptDoneNotification {
  threadId: string;
  role: string;
  text: string;
}
