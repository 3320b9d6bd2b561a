// Generated from the protocol schemas; do not edit.

export interface AccountLoginCompletedNotification {
  loginId: string | null;
  success: boolean;
  error: string | null;
}
