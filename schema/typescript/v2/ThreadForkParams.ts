// Generated from the protocol schemas; do not edit.

import type { ApprovalsReviewer } from './ApprovalsReviewer.js';
import type { AskForApproval } from './AskForApproval.js';
import type { PermissionProfileSelectionParams } from './PermissionProfileSelectionParams.js';
import type { SandboxMode } from './SandboxMode.js';
import type { ThreadSource } from './ThreadSource.js';

export interface ThreadForkParams {
  threadId: string;
  path?: string | null;
  model?: string | null;
  modelProvider?: string | null;
  serviceTier?: string | null;
  cwd?: string | null;
  approvalPolicy?: AskForApproval | null;
  approvalsReviewer?: ApprovalsReviewer | null;
  sandbox?: SandboxMode | null;
  permissions?: PermissionProfileSelectionParams | null;
  config?: {
    [k: string]: unknown;
  } | null;
  baseInstructions?: string | null;
  developerInstructions?: string | null;
  ephemeral?: boolean;
  threadSource?: ThreadSource | null;
  excludeTurns?: boolean;
  persistExtendedHistory?: boolean;
}
