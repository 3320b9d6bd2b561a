// Generated from the protocol schemas; do not edit.

import type { FileChangeApprovalDecision } from './FileChangeApprovalDecision.js';

export interface FileChangeRequestApprovalResponse {
  decision: FileChangeApprovalDecision;
}
