// Generated from the protocol schemas; do not edit.

export interface ToolRequestUserInputAnswer {
  answers: string[];
}
