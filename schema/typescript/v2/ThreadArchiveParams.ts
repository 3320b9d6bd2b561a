// Generated from the protocol schemas; do not edit.

export interface ThreadArchiveParams {
  threadId: string;
}
