// Generated from the protocol schemas; do not edit.

export interface CancelLoginAccountParams {
  loginId: string;
}
