import { AskForApproval, Personality, ReasoningEffort, SandboxPolicy } from '../../../protocol/index.ts';
import type { StoredTurnContext } from '../../rollout/index.ts';
import type { TurnSettings } from '../turn-settings.ts';
import type { TurnContext } from './turn-context.ts';

/** How much of a tool's output the model is given. */
const TRUNCATION_POLICY = { mode: 'bytes', limit: 10_000 };

/** The context of a turn as a rollout keeps it. */
export function storedContext(
  { settings, surroundings, voice }: TurnContext,
  turnId: string,
): StoredTurnContext {
  const { effort, model, personality, summary } = settings;
  return {
    turn_id: turnId,
    cwd: settings.cwd,
    current_date: surroundings.currentDate,
    timezone: surroundings.timezone,
    approval_policy: settings.approvalPolicy,
    sandbox_policy: storedSandbox(settings.sandbox),
    model,
    ...(personality === null ? {} : { personality }),
    collaboration_mode: settings.collaborationMode ?? {
      mode: 'default',
      settings: { model, reasoning_effort: effort, developer_instructions: null },
    },
    realtime_active: voice.isLive,
    ...(effort === null ? {} : { effort }),
    summary: summary ?? 'auto',
    truncation_policy: TRUNCATION_POLICY,
  };
}

/** What the model was told by a turn that was kept. Members that cannot be read count as they are now. */
export function contextOfStored(stored: StoredTurnContext, now: TurnContext): TurnContext {
  const { settings, surroundings, voice } = now;
  const approval = AskForApproval.safeParse(stored.approval_policy);
  const personality = Personality.safeParse(stored.personality);
  return {
    ...now,
    settings: {
      ...settings,
      cwd: stored.cwd,
      model: stored.model,
      approvalPolicy: approval.success ? approval.data : settings.approvalPolicy,
      sandbox: sandboxOfStored(stored.sandbox_policy) ?? settings.sandbox,
      personality: personality.success ? personality.data : null,
    },
    surroundings: {
      ...surroundings,
      cwd: stored.cwd,
      currentDate: stored.current_date ?? surroundings.currentDate,
      timezone: stored.timezone ?? surroundings.timezone,
    },
    voice: { ...voice, isLive: stored.realtime_active ?? false, call: 0 },
  };
}

/** The reasoning effort of a kept turn; null where it named none that is known. */
export function effortOfStored({ effort }: StoredTurnContext): TurnSettings['effort'] {
  const known = ReasoningEffort.safeParse(effort);
  return known.success ? known.data : null;
}

function storedSandbox(sandbox: SandboxPolicy): unknown {
  switch (sandbox.type) {
    case 'dangerFullAccess':
      return { type: 'danger-full-access' };
    case 'readOnly':
      return { type: 'read-only', ...(sandbox.networkAccess ? { network_access: true } : {}) };
    case 'externalSandbox':
      return { type: 'external-sandbox', network_access: sandbox.networkAccess };
    case 'workspaceWrite':
      return {
        type: 'workspace-write',
        writable_roots: sandbox.writableRoots,
        network_access: sandbox.networkAccess,
        exclude_tmpdir_env_var: sandbox.excludeTmpdirEnvVar,
        exclude_slash_tmp: sandbox.excludeSlashTmp,
      };
  }
}

const STORED_TYPES: Readonly<Record<string, SandboxPolicy['type']>> = {
  'danger-full-access': 'dangerFullAccess',
  'external-sandbox': 'externalSandbox',
  'read-only': 'readOnly',
  'workspace-write': 'workspaceWrite',
};

function sandboxOfStored(stored: unknown): SandboxPolicy | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const members = stored as Readonly<Record<string, unknown>>;
  const type = STORED_TYPES[String(members['type'])];
  const policy = SandboxPolicy.safeParse({
    type,
    writableRoots: members['writable_roots'],
    networkAccess: members['network_access'],
    excludeTmpdirEnvVar: members['exclude_tmpdir_env_var'],
    excludeSlashTmp: members['exclude_slash_tmp'],
  });
  return policy.success ? policy.data : null;
}
