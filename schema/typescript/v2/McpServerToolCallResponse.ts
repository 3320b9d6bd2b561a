// Generated from the protocol schemas; do not edit.

export interface McpServerToolCallResponse {
  content: unknown[];
  structuredContent?: unknown;
  isError?: boolean | null;
  _meta?: unknown;
}
