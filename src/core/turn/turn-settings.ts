import { resolve } from 'node:path';
import type {
  ActivePermissionProfile,
  ApprovalsReviewer,
  AskForApproval,
  CollaborationMode,
  Personality,
  ReasoningEffort,
  ReasoningSummary,
  SandboxPolicy,
  TurnStartParams,
} from '../../protocol/index.ts';
import type { SelectedSandbox } from '../permissions/index.ts';

/** How the turns of a thread run. A turn may change them; they hold until a later turn changes them again. */
export interface TurnSettings {
  /** Absolute. */
  readonly cwd: string;
  readonly approvalPolicy: AskForApproval;
  readonly approvalsReviewer: ApprovalsReviewer;
  readonly sandbox: SandboxPolicy;
  /** The permission profile that `sandbox` comes from; null where it comes from none. */
  readonly activePermissionProfile: ActivePermissionProfile | null;
  /** Whether there is a machine to work on; without one there are no tools that touch files or run commands. */
  readonly hasEnvironment: boolean;
  readonly model: string;
  readonly serviceTier: string | null;
  /** Null leaves it to the model. */
  readonly effort: ReasoningEffort | null;
  /** Null leaves it to the model. */
  readonly summary: ReasoningSummary | null;
  readonly personality: Personality | null;
  readonly collaborationMode: CollaborationMode | null;
}

/**
 * The settings after a turn's own parameters. A collaboration mode wins over the model and effort beside it. `selected` is what the
 * turn's `permissions` come to; its `environments` count for one turn only, and are not among the settings.
 */
export function withOverrides(
  settings: TurnSettings,
  params: TurnStartParams,
  selected: SelectedSandbox | null = null,
): TurnSettings {
  const mode = params.collaborationMode ?? null;
  return {
    cwd: params.cwd == null ? settings.cwd : resolve(settings.cwd, params.cwd),
    approvalPolicy: params.approvalPolicy ?? settings.approvalPolicy,
    approvalsReviewer: params.approvalsReviewer ?? settings.approvalsReviewer,
    ...sandboxOf(settings, params, selected),
    hasEnvironment: settings.hasEnvironment,
    model: mode?.settings.model ?? params.model ?? settings.model,
    serviceTier: params.serviceTier === undefined ? settings.serviceTier : params.serviceTier,
    effort: mode === null ? (params.effort ?? settings.effort) : (mode.settings.reasoning_effort ?? null),
    summary: params.summary ?? settings.summary,
    personality: params.personality ?? settings.personality,
    collaborationMode: mode ?? settings.collaborationMode,
  };
}

function sandboxOf(
  { activePermissionProfile, sandbox }: TurnSettings,
  { sandboxPolicy }: TurnStartParams,
  selected: SelectedSandbox | null,
): SelectedSandbox {
  if (selected !== null) return selected;
  if (sandboxPolicy == null) return { sandbox, activePermissionProfile };
  return { sandbox: sandboxPolicy, activePermissionProfile: null };
}
