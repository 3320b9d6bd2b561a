// Generated from the protocol schemas; do not edit.

export interface ThreadDecrementElicitationResponse {
  count: number;
  paused: boolean;
}
