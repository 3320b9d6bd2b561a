// Generated from the protocol schemas; do not edit.

export interface ClientInfo {
  name: string;
  title?: string | null;
  version: string;
}
