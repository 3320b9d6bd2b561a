// Generated from the protocol schemas; do not edit.

export interface ByteRange {
  start: number;
  end: number;
}
