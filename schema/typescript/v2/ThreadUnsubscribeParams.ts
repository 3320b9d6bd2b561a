// Generated from the protocol schemas; do not edit.

export interface ThreadUnsubscribeParams {
  threadId: string;
}
