// Generated from the protocol schemas; do not edit.

export interface McpToolCallError {
  message: string;
}
