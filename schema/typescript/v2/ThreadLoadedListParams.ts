// Generated from the protocol schemas; do not edit.

export interface ThreadLoadedListParams {
  cursor?: string | null;
  limit?: number | null;
}
