// Generated from the protocol schemas; do not edit.

export interface WarningNotification {
  threadId: string | null;
  message: string;
}
