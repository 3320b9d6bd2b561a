import * as z from 'zod/mini';
import { AbsolutePathBuf, int64, uint } from '../scalars.ts';
import { CommandAction } from './item.ts';
import { FileSystemSandboxEntry } from './permissions.ts';

export const NetworkPolicyRuleAction = z.enum(['allow', 'deny']);
export type NetworkPolicyRuleAction = z.infer<typeof NetworkPolicyRuleAction>;

export const NetworkPolicyAmendment = z.object({ host: z.string(), action: NetworkPolicyRuleAction });
export type NetworkPolicyAmendment = z.infer<typeof NetworkPolicyAmendment>;

/** What a person says to a command; the keys inside the objects are snake_case on the wire. */
export const CommandExecutionApprovalDecision = z.union([
  z.enum(['accept', 'acceptForSession', 'decline', 'cancel']),
  z.object({
    acceptWithExecpolicyAmendment: z.object({ execpolicy_amendment: z.array(z.string()) }),
  }),
  z.object({
    applyNetworkPolicyAmendment: z.object({ network_policy_amendment: NetworkPolicyAmendment }),
  }),
]);
export type CommandExecutionApprovalDecision = z.infer<typeof CommandExecutionApprovalDecision>;

export const NetworkApprovalProtocol = z.enum(['http', 'https', 'socks5Tcp', 'socks5Udp']);
export type NetworkApprovalProtocol = z.infer<typeof NetworkApprovalProtocol>;

export const NetworkApprovalContext = z.object({ host: z.string(), protocol: NetworkApprovalProtocol });
export type NetworkApprovalContext = z.infer<typeof NetworkApprovalContext>;

export const AdditionalNetworkPermissions = z.object({ enabled: z.nullish(z.boolean()) });
export type AdditionalNetworkPermissions = z.infer<typeof AdditionalNetworkPermissions>;

export const AdditionalFileSystemPermissions = z.object({
  read: z.nullish(z.array(AbsolutePathBuf)),
  write: z.nullish(z.array(AbsolutePathBuf)),
  entries: z.nullish(z.array(FileSystemSandboxEntry)),
  /** At least 1. */
  globScanMaxDepth: z.nullish(uint),
});
export type AdditionalFileSystemPermissions = z.infer<typeof AdditionalFileSystemPermissions>;

export const AdditionalPermissionProfile = z.object({
  network: z.nullish(AdditionalNetworkPermissions),
  fileSystem: z.nullish(AdditionalFileSystemPermissions),
});
export type AdditionalPermissionProfile = z.infer<typeof AdditionalPermissionProfile>;

/** Asks whether a command may run. Members that are unset are absent. */
export const CommandExecutionRequestApprovalParams = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  /** Unix milliseconds. */
  startedAtMs: int64,
  /** Tells sub-commands of one item apart. */
  approvalId: z.nullish(z.string()),
  reason: z.nullish(z.string()),
  networkApprovalContext: z.nullish(NetworkApprovalContext),
  /** As a shell would take it. */
  command: z.nullish(z.string()),
  cwd: z.nullish(AbsolutePathBuf),
  commandActions: z.nullish(z.array(CommandAction)),
  additionalPermissions: z.nullish(AdditionalPermissionProfile),
  proposedExecpolicyAmendment: z.nullish(z.array(z.string())),
  proposedNetworkPolicyAmendments: z.nullish(z.array(NetworkPolicyAmendment)),
  availableDecisions: z.nullish(z.array(CommandExecutionApprovalDecision)),
});
export type CommandExecutionRequestApprovalParams = z.infer<typeof CommandExecutionRequestApprovalParams>;

export const CommandExecutionRequestApprovalResponse = z.object({
  decision: CommandExecutionApprovalDecision,
});
export type CommandExecutionRequestApprovalResponse = z.infer<typeof CommandExecutionRequestApprovalResponse>;

export const FileChangeApprovalDecision = z.enum(['accept', 'acceptForSession', 'decline', 'cancel']);
export type FileChangeApprovalDecision = z.infer<typeof FileChangeApprovalDecision>;

/** Asks whether files may be changed as the item of that id says. */
export const FileChangeRequestApprovalParams = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  /** Unix milliseconds. */
  startedAtMs: int64,
  reason: z.nullish(z.string()),
  /** A folder to which writing is asked for, beyond this change. */
  grantRoot: z.nullish(z.string()),
});
export type FileChangeRequestApprovalParams = z.infer<typeof FileChangeRequestApprovalParams>;

export const FileChangeRequestApprovalResponse = z.object({ decision: FileChangeApprovalDecision });
export type FileChangeRequestApprovalResponse = z.infer<typeof FileChangeRequestApprovalResponse>;
