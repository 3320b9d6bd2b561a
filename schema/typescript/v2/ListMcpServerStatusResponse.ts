// Generated from the protocol schemas; do not edit.

import type { McpServerStatus } from './McpServerStatus.js';

export interface ListMcpServerStatusResponse {
  data: McpServerStatus[];
  nextCursor: string | null;
}
