// Generated from the protocol schemas; do not edit.

export interface MemoryCitationEntry {
  path: string;
  lineStart: number;
  lineEnd: number;
  note: string;
}
