import { resolve } from 'node:path';
import type {
  ApprovalsReviewer,
  AskForApproval,
  CollaborationMode,
  Personality,
  ReasoningEffort,
  ReasoningSummary,
  SandboxPolicy,
  TurnStartParams,
} from '../../protocol/index.ts';

/** How the turns of a thread run. A turn may change them; they hold until a later turn changes them again. */
export interface TurnSettings {
  /** Absolute. */
  readonly cwd: string;
  readonly approvalPolicy: AskForApproval;
  readonly approvalsReviewer: ApprovalsReviewer;
  readonly sandbox: SandboxPolicy;
  readonly model: string;
  readonly serviceTier: string | null;
  /** Null leaves it to the model. */
  readonly effort: ReasoningEffort | null;
  /** Null leaves it to the model. */
  readonly summary: ReasoningSummary | null;
  readonly personality: Personality | null;
  readonly collaborationMode: CollaborationMode | null;
}

/** The settings after a turn's own parameters. A collaboration mode wins over the model and effort beside it. */
export function withOverrides(settings: TurnSettings, params: TurnStartParams): TurnSettings {
  const mode = params.collaborationMode ?? null;
  return {
    cwd: params.cwd == null ? settings.cwd : resolve(settings.cwd, params.cwd),
    approvalPolicy: params.approvalPolicy ?? settings.approvalPolicy,
    approvalsReviewer: params.approvalsReviewer ?? settings.approvalsReviewer,
    sandbox: params.sandboxPolicy ?? settings.sandbox,
    model: mode?.settings.model ?? params.model ?? settings.model,
    serviceTier: params.serviceTier === undefined ? settings.serviceTier : params.serviceTier,
    effort: mode === null ? (params.effort ?? settings.effort) : (mode.settings.reasoning_effort ?? null),
    summary: params.summary ?? settings.summary,
    personality: params.personality ?? settings.personality,
    collaborationMode: mode ?? settings.collaborationMode,
  };
}
