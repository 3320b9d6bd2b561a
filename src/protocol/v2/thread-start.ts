import * as z from 'zod/mini';
import { AbsolutePathBuf, jsonValue } from '../scalars.ts';
import { Personality, ReasoningEffort } from './model.ts';
import {
  ActivePermissionProfile,
  ApprovalsReviewer,
  AskForApproval,
  PermissionProfile,
  SandboxPolicy,
} from './permissions.ts';
import { threadOverrides } from './thread-overrides.ts';
import { Thread, ThreadSource } from './thread.ts';
import { TurnEnvironmentParams } from './turn.ts';

export const ThreadStartSource = z.enum(['startup', 'clear']);
export type ThreadStartSource = z.infer<typeof ThreadStartSource>;

/** A tool that the client offers and answers itself. */
export const DynamicToolSpec = z.object({
  namespace: z.nullish(z.string()),
  name: z.string(),
  description: z.string(),
  inputSchema: jsonValue,
  deferLoading: z.nullish(z.boolean()),
});
export type DynamicToolSpec = z.infer<typeof DynamicToolSpec>;

export const ThreadStartParams = z.object({
  ...threadOverrides,
  serviceName: z.nullish(z.string()),
  personality: z.nullish(Personality),
  ephemeral: z.nullish(z.boolean()),
  sessionStartSource: z.nullish(ThreadStartSource),
  threadSource: z.nullish(ThreadSource),
  environments: z.nullish(z.array(TurnEnvironmentParams)),
  dynamicTools: z.nullish(z.array(DynamicToolSpec)),
  mockExperimentalField: z.nullish(z.string()),
  experimentalRawEvents: z.nullish(z.boolean()),
  persistExtendedHistory: z.nullish(z.boolean()),
});
export type ThreadStartParams = z.infer<typeof ThreadStartParams>;

export const ThreadStartResponse = z.object({
  thread: Thread,
  model: z.string(),
  modelProvider: z.string(),
  serviceTier: z.nullable(z.string()),
  cwd: AbsolutePathBuf,
  /** The instruction files in effect, global first. */
  instructionSources: z.array(AbsolutePathBuf),
  approvalPolicy: AskForApproval,
  approvalsReviewer: ApprovalsReviewer,
  sandbox: SandboxPolicy,
  permissionProfile: z.nullable(PermissionProfile),
  activePermissionProfile: z.nullable(ActivePermissionProfile),
  reasoningEffort: z.nullable(ReasoningEffort),
});
export type ThreadStartResponse = z.infer<typeof ThreadStartResponse>;

export const ThreadStartedNotification = z.object({ thread: Thread });
export type ThreadStartedNotification = z.infer<typeof ThreadStartedNotification>;
