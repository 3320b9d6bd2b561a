// Generated from the protocol schemas; do not edit.

export interface ThreadLoadedListResponse {
  data: string[];
  nextCursor: string | null;
}
