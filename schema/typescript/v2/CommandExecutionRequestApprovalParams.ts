// Generated from the protocol schemas; do not edit.

import type { AbsolutePathBuf } from '../AbsolutePathBuf.js';
import type { AdditionalPermissionProfile } from './AdditionalPermissionProfile.js';
import type { CommandAction } from './CommandAction.js';
import type { CommandExecutionApprovalDecision } from './CommandExecutionApprovalDecision.js';
import type { NetworkApprovalContext } from './NetworkApprovalContext.js';
import type { NetworkPolicyAmendment } from './NetworkPolicyAmendment.js';

export interface CommandExecutionRequestApprovalParams {
  threadId: string;
  turnId: string;
  itemId: string;
  startedAtMs: number;
  approvalId?: string | null;
  reason?: string | null;
  networkApprovalContext?: NetworkApprovalContext | null;
  command?: string | null;
  cwd?: AbsolutePathBuf | null;
  commandActions?: CommandAction[] | null;
  additionalPermissions?: AdditionalPermissionProfile | null;
  proposedExecpolicyAmendment?: string[] | null;
  proposedNetworkPolicyAmendments?: NetworkPolicyAmendment[] | null;
  availableDecisions?: CommandExecutionApprovalDecision[] | null;
}
