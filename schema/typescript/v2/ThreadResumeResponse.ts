// Generated from the protocol schemas; do not edit.

import type { AbsolutePathBuf } from '../AbsolutePathBuf.js';
import type { ActivePermissionProfile } from './ActivePermissionProfile.js';
import type { ApprovalsReviewer } from './ApprovalsReviewer.js';
import type { AskForApproval } from './AskForApproval.js';
import type { PermissionProfile } from './PermissionProfile.js';
import type { ReasoningEffort } from './ReasoningEffort.js';
import type { SandboxPolicy } from './SandboxPolicy.js';
import type { Thread } from './Thread.js';

export interface ThreadResumeResponse {
  thread: Thread;
  model: string;
  modelProvider: string;
  serviceTier: string | null;
  cwd: AbsolutePathBuf;
  instructionSources: AbsolutePathBuf[];
  approvalPolicy: AskForApproval;
  approvalsReviewer: ApprovalsReviewer;
  sandbox: SandboxPolicy;
  permissionProfile: PermissionProfile | null;
  activePermissionProfile: ActivePermissionProfile | null;
  reasoningEffort: ReasoningEffort | null;
}
