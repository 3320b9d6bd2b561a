// Generated from the protocol schemas; do not edit.

export interface TextPosition {
  line: number;
  column: number;
}
