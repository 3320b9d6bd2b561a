import { join } from 'node:path';
import type {
  ActivePermissionProfile,
  PermissionProfileSelectionParams,
  SandboxPolicy,
} from '../../protocol/index.ts';
import type { Config } from '../config/index.ts';
import { configurationInvalid, CoreError } from '../errors.ts';
import { resolvePermissions } from './resolve-permissions.ts';

/** What commands may touch, and the permission profile that says so, where it is one. */
export interface SelectedSandbox {
  readonly sandbox: SandboxPolicy;
  readonly activePermissionProfile: ActivePermissionProfile | null;
}

/** What the configuration asks for, in the long form of answers. Throws `configurationInvalid`. */
export function configuredSandbox(config: Config, codexHome: string): SelectedSandbox {
  return config.permissions === null
    ? { sandbox: modePolicy(config, codexHome), activePermissionProfile: null }
    : selectedSandbox(config.permissions, config, codexHome);
}

/**
 * What a permission profile asks for. Throws `configurationInvalid` for one that is not there, or cannot be kept to, and
 * `invalidInput` for a path that is none.
 */
export function selectedSandbox(
  selection: PermissionProfileSelectionParams,
  config: Config,
  codexHome: string,
): SelectedSandbox {
  const invalid = (selection.modifications ?? []).findIndex(({ path }) => path.includes('\0'));
  if (invalid !== -1) {
    throw new CoreError('invalidInput', `\`permissions.modifications[${invalid}].path\` has a NUL character`);
  }
  const outcome = resolvePermissions(selection, config);
  if (!outcome.ok) throw configurationInvalid(outcome.message);
  const { extends: base, sandbox, writableRoots } = outcome.permissions;
  const policy =
    'mode' in sandbox ? modePolicy({ ...config, sandboxMode: sandbox.mode }, codexHome) : sandbox.policy;
  return {
    sandbox: withRoots(policy, writableRoots),
    activePermissionProfile: {
      id: selection.id,
      extends: base,
      modifications: writableRoots.map((path) => ({ type: 'additionalWritableRoot', path })),
    },
  };
}

function withRoots(policy: SandboxPolicy, roots: readonly string[]): SandboxPolicy {
  if (policy.type !== 'workspaceWrite') return policy;
  return { ...policy, writableRoots: [...policy.writableRoots, ...roots] };
}

function modePolicy(config: Config, codexHome: string): SandboxPolicy {
  const { sandboxWorkspaceWrite: workspace } = config;
  switch (config.sandboxMode) {
    case 'read-only':
      return { type: 'readOnly', networkAccess: false };
    case 'danger-full-access':
      return { type: 'dangerFullAccess' };
    case 'workspace-write':
      return {
        type: 'workspaceWrite',
        writableRoots: [join(codexHome, 'memories'), ...workspace.writableRoots],
        networkAccess: workspace.networkAccess,
        excludeTmpdirEnvVar: workspace.excludeTmpdirEnvVar,
        excludeSlashTmp: workspace.excludeSlashTmp,
      };
  }
}
