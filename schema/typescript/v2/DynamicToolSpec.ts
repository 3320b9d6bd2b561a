// Generated from the protocol schemas; do not edit.

export interface DynamicToolSpec {
  namespace?: string | null;
  name: string;
  description: string;
  inputSchema: unknown;
  deferLoading?: boolean | null;
}
