// Generated from the protocol schemas; do not edit.

export interface JSONRPCErrorError {
  code: number;
  data?: unknown;
  message: string;
}
