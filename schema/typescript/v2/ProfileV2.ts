// Generated from the protocol schemas; do not edit.

import type { ApprovalsReviewer } from './ApprovalsReviewer.js';
import type { AskForApproval } from './AskForApproval.js';
import type { ReasoningEffort } from './ReasoningEffort.js';
import type { ReasoningSummary } from './ReasoningSummary.js';
import type { ToolsV2 } from './ToolsV2.js';
import type { Verbosity } from './Verbosity.js';
import type { WebSearchMode } from './WebSearchMode.js';

export interface ProfileV2 {
  model?: string | null;
  model_provider?: string | null;
  approval_policy?: AskForApproval | null;
  approvals_reviewer?: ApprovalsReviewer | null;
  service_tier?: string | null;
  model_reasoning_effort?: ReasoningEffort | null;
  model_reasoning_summary?: ReasoningSummary | null;
  model_verbosity?: Verbosity | null;
  web_search?: WebSearchMode | null;
  tools?: ToolsV2 | null;
  chatgpt_base_url?: string | null;
  [k: string]: unknown;
}
