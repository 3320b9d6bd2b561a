// Generated from the protocol schemas; do not edit.

export interface ThreadReadParams {
  threadId: string;
  includeTurns?: boolean;
}
