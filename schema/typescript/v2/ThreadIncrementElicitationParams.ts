// Generated from the protocol schemas; do not edit.

export interface ThreadIncrementElicitationParams {
  threadId: string;
}
