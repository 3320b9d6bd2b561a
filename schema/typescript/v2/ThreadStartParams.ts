// Generated from the protocol schemas; do not edit.

import type { ApprovalsReviewer } from './ApprovalsReviewer.js';
import type { AskForApproval } from './AskForApproval.js';
import type { DynamicToolSpec } from './DynamicToolSpec.js';
import type { PermissionProfileSelectionParams } from './PermissionProfileSelectionParams.js';
import type { Personality } from './Personality.js';
import type { SandboxMode } from './SandboxMode.js';
import type { ThreadSource } from './ThreadSource.js';
import type { ThreadStartSource } from './ThreadStartSource.js';
import type { TurnEnvironmentParams } from './TurnEnvironmentParams.js';

export interface ThreadStartParams {
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
  serviceName?: string | null;
  personality?: Personality | null;
  ephemeral?: boolean | null;
  sessionStartSource?: ThreadStartSource | null;
  threadSource?: ThreadSource | null;
  environments?: TurnEnvironmentParams[] | null;
  dynamicTools?: DynamicToolSpec[] | null;
  mockExperimentalField?: string | null;
  experimentalRawEvents?: boolean | null;
  persistExtendedHistory?: boolean | null;
}
