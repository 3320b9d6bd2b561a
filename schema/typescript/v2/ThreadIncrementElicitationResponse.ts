// Generated from the protocol schemas; do not edit.

export interface ThreadIncrementElicitationResponse {
  count: number;
  paused: boolean;
}
