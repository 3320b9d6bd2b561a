// Generated from the protocol schemas; do not edit.

export interface AppsListResponse {
  data: unknown[];
  nextCursor: string | null;
}
