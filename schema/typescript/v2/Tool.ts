// Generated from the protocol schemas; do not edit.

export interface Tool {
  name: string;
  title?: string | null;
  description?: string | null;
  inputSchema: unknown;
  outputSchema?: unknown;
  annotations?: unknown;
  icons?: unknown[] | null;
  _meta?: unknown;
}
