// Generated from the protocol schemas; do not edit.

export interface McpResourceReadParams {
  threadId?: string | null;
  server: string;
  uri: string;
}
