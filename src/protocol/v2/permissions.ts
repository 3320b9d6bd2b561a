import * as z from 'zod/mini';
import { AbsolutePathBuf, uint } from '../scalars.ts';

/** The object form decides per kind of question; the two newer kinds default to `false` and are echoed. */
export const AskForApproval = z.union([
  z.enum(['untrusted', 'on-failure', 'on-request', 'never']),
  z.object({
    granular: z.object({
      sandbox_approval: z.boolean(),
      rules: z.boolean(),
      skill_approval: z._default(z.boolean(), false),
      request_permissions: z._default(z.boolean(), false),
      mcp_elicitations: z.boolean(),
    }),
  }),
]);
export type AskForApproval = z.infer<typeof AskForApproval>;

export const ApprovalsReviewer = z.enum(['user', 'auto_review', 'guardian_subagent']);
export type ApprovalsReviewer = z.infer<typeof ApprovalsReviewer>;

/** The short form of `thread/start`. */
export const SandboxMode = z.enum(['read-only', 'workspace-write', 'danger-full-access']);
export type SandboxMode = z.infer<typeof SandboxMode>;

export const NetworkAccess = z.enum(['restricted', 'enabled']);
export type NetworkAccess = z.infer<typeof NetworkAccess>;

/** The long form of `turn/start` and of every answer; what a client leaves out is filled in. */
export const SandboxPolicy = z.discriminatedUnion('type', [
  z.object({ type: z.literal('dangerFullAccess') }),
  z.object({ type: z.literal('readOnly'), networkAccess: z._default(z.boolean(), false) }),
  z.object({ type: z.literal('externalSandbox'), networkAccess: z._default(NetworkAccess, 'restricted') }),
  z.object({
    type: z.literal('workspaceWrite'),
    writableRoots: z._default(z.array(AbsolutePathBuf), []),
    networkAccess: z._default(z.boolean(), false),
    excludeTmpdirEnvVar: z._default(z.boolean(), false),
    excludeSlashTmp: z._default(z.boolean(), false),
  }),
]);
export type SandboxPolicy = z.infer<typeof SandboxPolicy>;

export const PermissionProfileModificationParams = z.discriminatedUnion('type', [
  z.object({ type: z.literal('additionalWritableRoot'), path: AbsolutePathBuf }),
]);
export type PermissionProfileModificationParams = z.infer<typeof PermissionProfileModificationParams>;

export const PermissionProfileSelectionParams = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('profile'),
    id: z.string(),
    modifications: z.nullish(z.array(PermissionProfileModificationParams)),
  }),
]);
export type PermissionProfileSelectionParams = z.infer<typeof PermissionProfileSelectionParams>;

export const FileSystemAccessMode = z.enum(['read', 'write', 'none']);
export type FileSystemAccessMode = z.infer<typeof FileSystemAccessMode>;

export const FileSystemSpecialPath = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('root') }),
  z.object({ kind: z.literal('minimal') }),
  z.object({ kind: z.literal('project_roots'), subpath: z.nullable(z.string()) }),
  z.object({ kind: z.literal('tmpdir') }),
  z.object({ kind: z.literal('slash_tmp') }),
  z.object({ kind: z.literal('unknown'), path: z.string(), subpath: z.nullable(z.string()) }),
]);
export type FileSystemSpecialPath = z.infer<typeof FileSystemSpecialPath>;

export const FileSystemPath = z.discriminatedUnion('type', [
  z.object({ type: z.literal('path'), path: AbsolutePathBuf }),
  z.object({ type: z.literal('glob_pattern'), pattern: z.string() }),
  z.object({ type: z.literal('special'), value: FileSystemSpecialPath }),
]);
export type FileSystemPath = z.infer<typeof FileSystemPath>;

export const FileSystemSandboxEntry = z.object({
  path: FileSystemPath,
  access: FileSystemAccessMode,
});
export type FileSystemSandboxEntry = z.infer<typeof FileSystemSandboxEntry>;

export const PermissionProfileFileSystemPermissions = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('restricted'),
    entries: z.array(FileSystemSandboxEntry),
    /** At least 1; absent when unset. */
    globScanMaxDepth: z.nullish(uint),
  }),
  z.object({ type: z.literal('unrestricted') }),
]);
export type PermissionProfileFileSystemPermissions = z.infer<typeof PermissionProfileFileSystemPermissions>;

export const PermissionProfileNetworkPermissions = z.object({ enabled: z.boolean() });
export type PermissionProfileNetworkPermissions = z.infer<typeof PermissionProfileNetworkPermissions>;

/** What a thread may touch, in full. */
export const PermissionProfile = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('managed'),
    network: PermissionProfileNetworkPermissions,
    fileSystem: PermissionProfileFileSystemPermissions,
  }),
  z.object({ type: z.literal('disabled') }),
  z.object({ type: z.literal('external'), network: PermissionProfileNetworkPermissions }),
]);
export type PermissionProfile = z.infer<typeof PermissionProfile>;

export const ActivePermissionProfileModification = z.discriminatedUnion('type', [
  z.object({ type: z.literal('additionalWritableRoot'), path: AbsolutePathBuf }),
]);
export type ActivePermissionProfileModification = z.infer<typeof ActivePermissionProfileModification>;

/** The named profile that a thread runs under, if it runs under one. */
export const ActivePermissionProfile = z.object({
  id: z.string(),
  extends: z.nullable(z.string()),
  modifications: z.array(ActivePermissionProfileModification),
});
export type ActivePermissionProfile = z.infer<typeof ActivePermissionProfile>;
