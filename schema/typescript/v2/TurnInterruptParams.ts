// Generated from the protocol schemas; do not edit.

export interface TurnInterruptParams {
  threadId: string;
  turnId: string;
}
