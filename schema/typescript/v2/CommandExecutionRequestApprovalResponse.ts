// Generated from the protocol schemas; do not edit.

import type { CommandExecutionApprovalDecision } from './CommandExecutionApprovalDecision.js';

export interface CommandExecutionRequestApprovalResponse {
  decision: CommandExecutionApprovalDecision;
}
