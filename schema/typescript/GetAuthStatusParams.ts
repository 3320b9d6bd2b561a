// Generated from the protocol schemas; do not edit.

export interface GetAuthStatusParams {
  includeToken?: boolean | null;
  refreshToken?: boolean | null;
}
