// Generated from the protocol schemas; do not edit.

export interface ThreadSetNameParams {
  threadId: string;
  name: string;
}
