// Generated from the protocol schemas; do not edit.

export interface HookErrorInfo {
  path: string;
  message: string;
}
