// Generated from the protocol schemas; do not edit.

export interface ThreadInjectItemsParams {
  threadId: string;
  items: unknown[];
}
