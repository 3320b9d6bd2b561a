// Generated from the protocol schemas; do not edit.

export interface ThreadRealtimeAppendTextParams {
  threadId: string;
  text: string;
}
