// Generated from the protocol schemas; do not edit.

import type { McpServerElicitationAction } from './McpServerElicitationAction.js';

export interface McpServerElicitationRequestResponse {
  action: McpServerElicitationAction;
  content?: unknown;
  _meta?: unknown;
}
