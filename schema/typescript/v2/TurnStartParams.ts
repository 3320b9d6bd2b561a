// Generated from the protocol schemas; do not edit.

import type { ApprovalsReviewer } from './ApprovalsReviewer.js';
import type { AskForApproval } from './AskForApproval.js';
import type { CollaborationMode } from './CollaborationMode.js';
import type { PermissionProfileSelectionParams } from './PermissionProfileSelectionParams.js';
import type { Personality } from './Personality.js';
import type { ReasoningEffort } from './ReasoningEffort.js';
import type { ReasoningSummary } from './ReasoningSummary.js';
import type { SandboxPolicy } from './SandboxPolicy.js';
import type { TurnEnvironmentParams } from './TurnEnvironmentParams.js';
import type { UserInput } from './UserInput.js';

export interface TurnStartParams {
  threadId: string;
  input: UserInput[];
  clientMetadata?: {
    [k: string]: string;
  } | null;
  responsesapiClientMetadata?: {
    [k: string]: string;
  } | null;
  environments?: TurnEnvironmentParams[] | null;
  cwd?: string | null;
  approvalPolicy?: AskForApproval | null;
  approvalsReviewer?: ApprovalsReviewer | null;
  sandboxPolicy?: SandboxPolicy | null;
  permissions?: PermissionProfileSelectionParams | null;
  model?: string | null;
  serviceTier?: string | null;
  effort?: ReasoningEffort | null;
  summary?: ReasoningSummary | null;
  personality?: Personality | null;
  outputSchema?: unknown;
  collaborationMode?: CollaborationMode | null;
}
