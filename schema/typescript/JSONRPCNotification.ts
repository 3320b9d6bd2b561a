// Generated from the protocol schemas; do not edit.

export interface JSONRPCNotification {
  method: string;
  params?: unknown;
}
