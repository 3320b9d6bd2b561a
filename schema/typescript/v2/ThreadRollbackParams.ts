// Generated from the protocol schemas; do not edit.

export interface ThreadRollbackParams {
  threadId: string;
  numTurns: number;
}
