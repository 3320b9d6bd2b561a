// Generated from the protocol schemas; do not edit.

export interface McpToolCallResult {
  content: unknown[];
  structuredContent: unknown;
  _meta: unknown;
}
