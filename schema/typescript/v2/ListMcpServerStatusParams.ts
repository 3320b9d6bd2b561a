// Generated from the protocol schemas; do not edit.

import type { McpServerStatusDetail } from './McpServerStatusDetail.js';

export interface ListMcpServerStatusParams {
  cursor?: string | null;
  limit?: number | null;
  detail?: McpServerStatusDetail | null;
}
