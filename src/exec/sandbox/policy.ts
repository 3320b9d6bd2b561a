import type { CommandEnvironment } from '../command-environment.ts';

/** What a command may change, and whether it may use the network. Reading is always allowed. */
export type SandboxPolicy =
  | { readonly type: 'dangerFullAccess' }
  /** Somebody else sees to it that the command does no harm. */
  | { readonly type: 'externalSandbox' }
  | { readonly type: 'readOnly'; readonly networkAccess: boolean }
  | {
      readonly type: 'workspaceWrite';
      /** Absolute paths, besides the workspace. */
      readonly writableRoots: readonly string[];
      readonly networkAccess: boolean;
      /** Leaves out the directory that `TMPDIR` names. */
      readonly excludeTmpdirEnvVar: boolean;
      /** Leaves out `/tmp`. */
      readonly excludeSlashTmp: boolean;
    };

/** A policy that needs a sandbox. */
export type RestrictedPolicy = Extract<SandboxPolicy, { type: 'readOnly' | 'workspaceWrite' }>;

/** By what a command is held. */
export type SandboxKind = 'none' | 'bubblewrap' | 'seatbelt';

/** Where a command runs, and with what. */
export interface SandboxEnvironment {
  /** An absolute path. It says nothing of what may be written to: it can be the command's own choice. */
  readonly cwd: string;
  /** The working directory of whoever set the policy, absolute: the root that a policy for a workspace has in any case. */
  readonly workspace: string;
  /** All variables of the command. */
  readonly env: CommandEnvironment;
  /** The directory of settings, which stays read-only in any case, except for a root that lies deeper in it. */
  readonly codexHome: string;
}

/** A command as it has to be started. */
export interface SandboxedCommand {
  readonly kind: SandboxKind;
  readonly argv: readonly string[];
  readonly env: CommandEnvironment;
}

/** No sandbox is to be had for what the policy asks for, so the command must not run; a sentence says why. */
export interface SandboxUnavailable {
  readonly unavailable: string;
}
