// Generated from the protocol schemas; do not edit.

import type { CollabAgentStatus } from './CollabAgentStatus.js';

export interface CollabAgentState {
  status: CollabAgentStatus;
  message: string | null;
}
