import * as z from 'zod/mini';
import {
  ApprovalsReviewer,
  AskForApproval,
  PermissionProfileSelectionParams,
  SandboxMode,
} from './permissions.ts';

/**
 * What a client may say about a thread that it starts, resumes or forks; what it leaves out is inherited. These are
 * fields of three types of the wire, not a type of their own.
 */
export const threadOverrides = {
  model: z.nullish(z.string()),
  modelProvider: z.nullish(z.string()),
  /** Absent: inherit. Null: clear. */
  serviceTier: z.nullish(z.string()),
  cwd: z.nullish(z.string()),
  approvalPolicy: z.nullish(AskForApproval),
  approvalsReviewer: z.nullish(ApprovalsReviewer),
  sandbox: z.nullish(SandboxMode),
  permissions: z.nullish(PermissionProfileSelectionParams),
  /** Configuration keys, dotted or nested; wins over files, loses to the typed parameters. */
  config: z.nullish(z.record(z.string(), z.unknown())),
  baseInstructions: z.nullish(z.string()),
  developerInstructions: z.nullish(z.string()),
};
