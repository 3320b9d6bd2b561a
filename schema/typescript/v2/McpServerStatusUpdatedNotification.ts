// Generated from the protocol schemas; do not edit.

import type { McpServerStartupState } from './McpServerStartupState.js';

export interface McpServerStatusUpdatedNotification {
  name: string;
  status: McpServerStartupState;
  error: string | null;
}
