// Generated from the protocol schemas; do not edit.

export interface GetAccountParams {
  refreshToken?: boolean | null;
}
