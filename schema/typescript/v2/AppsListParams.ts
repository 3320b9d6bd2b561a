// Generated from the protocol schemas; do not edit.

export interface AppsListParams {
  cursor?: string | null;
  limit?: number | null;
  threadId?: string | null;
  forceRefetch?: boolean | null;
}
