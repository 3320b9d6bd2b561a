// Generated from the protocol schemas; do not edit.

export interface ThreadBackgroundTerminalsCleanParams {
  threadId: string;
}
