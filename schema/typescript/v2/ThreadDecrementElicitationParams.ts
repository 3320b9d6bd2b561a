// Generated from the protocol schemas; do not edit.

export interface ThreadDecrementElicitationParams {
  threadId: string;
}
