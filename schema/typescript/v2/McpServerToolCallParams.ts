// Generated from the protocol schemas; do not edit.

export interface McpServerToolCallParams {
  threadId: string;
  server: string;
  tool: string;
  arguments?: unknown;
  _meta?: unknown;
}
