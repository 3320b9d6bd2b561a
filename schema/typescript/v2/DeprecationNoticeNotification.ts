// Generated from the protocol schemas; do not edit.

export interface DeprecationNoticeNotification {
  summary: string;
  details: string | null;
}
