import * as z from 'zod/mini';
import { AbsolutePathBuf, int32, int64, jsonValue, uint32 } from '../scalars.ts';
import { Personality, ReasoningEffort } from './model.ts';
import {
  ActivePermissionProfile,
  ApprovalsReviewer,
  AskForApproval,
  PermissionProfile,
  PermissionProfileSelectionParams,
  SandboxMode,
  SandboxPolicy,
} from './permissions.ts';
import { Turn, TurnEnvironmentParams } from './turn.ts';

/** A lower-case hyphenated UUID. Requests may spell it otherwise; the syntax is checked by the handler. */
export const ThreadId = z.string();
export type ThreadId = z.infer<typeof ThreadId>;

export const AgentPath = z.string();
export type AgentPath = z.infer<typeof AgentPath>;

export const ThreadSource = z.enum(['user', 'subagent', 'memory_consolidation']);
export type ThreadSource = z.infer<typeof ThreadSource>;

export const ThreadStartSource = z.enum(['startup', 'clear']);
export type ThreadStartSource = z.infer<typeof ThreadStartSource>;

/** Which kind of sub-agent opened a thread; the keys inside are snake_case on the wire. */
export const SubAgentSource = z.union([
  z.enum(['review', 'compact', 'memory_consolidation']),
  z.object({
    thread_spawn: z.object({
      parent_thread_id: ThreadId,
      depth: int32,
      agent_path: z.nullable(AgentPath),
      agent_nickname: z.nullable(z.string()),
      agent_role: z.nullable(z.string()),
    }),
  }),
  z.object({ other: z.string() }),
]);
export type SubAgentSource = z.infer<typeof SubAgentSource>;

/** Which kind of program opened a thread. */
export const SessionSource = z.union([
  z.enum(['cli', 'vscode', 'exec', 'appServer', 'unknown']),
  z.object({ custom: z.string() }),
  z.object({ subAgent: SubAgentSource }),
]);
export type SessionSource = z.infer<typeof SessionSource>;

export const GitInfo = z.object({
  sha: z.nullable(z.string()),
  branch: z.nullable(z.string()),
  originUrl: z.nullable(z.string()),
});
export type GitInfo = z.infer<typeof GitInfo>;

export const ThreadActiveFlag = z.enum(['waitingOnApproval', 'waitingOnUserInput']);
export type ThreadActiveFlag = z.infer<typeof ThreadActiveFlag>;

export const ThreadStatus = z.discriminatedUnion('type', [
  z.object({ type: z.literal('notLoaded') }),
  z.object({ type: z.literal('idle') }),
  z.object({ type: z.literal('systemError') }),
  z.object({ type: z.literal('active'), activeFlags: z.array(ThreadActiveFlag) }),
]);
export type ThreadStatus = z.infer<typeof ThreadStatus>;

/** One thread. `createdAt` and `updatedAt` are Unix seconds; `path` is null for an ephemeral thread. */
export const Thread = z.object({
  id: z.string(),
  /** The id of the root thread; equals `id` except in sub-agents. */
  sessionId: z.string(),
  forkedFromId: z.nullable(z.string()),
  /** The text of the first user message; empty until there is one. */
  preview: z.string(),
  ephemeral: z.boolean(),
  modelProvider: z.string(),
  createdAt: int64,
  updatedAt: int64,
  status: ThreadStatus,
  /** Known before the file exists. */
  path: z.nullable(z.string()),
  cwd: AbsolutePathBuf,
  cliVersion: z.string(),
  source: SessionSource,
  threadSource: z.nullable(ThreadSource),
  agentNickname: z.nullable(z.string()),
  agentRole: z.nullable(z.string()),
  gitInfo: z.nullable(GitInfo),
  name: z.nullable(z.string()),
  /** Filled only by answers that carry history. */
  turns: z.array(Turn),
});
export type Thread = z.infer<typeof Thread>;

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
  serviceName: z.nullish(z.string()),
  baseInstructions: z.nullish(z.string()),
  developerInstructions: z.nullish(z.string()),
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

export const ThreadLoadedListParams = z.object({
  /** The last id of the page before. */
  cursor: z.nullish(z.string()),
  /** No limit unless given; 0 acts as 1. */
  limit: z.nullish(uint32),
});
export type ThreadLoadedListParams = z.infer<typeof ThreadLoadedListParams>;

export const ThreadLoadedListResponse = z.object({
  /** Thread ids, ascending. */
  data: z.array(z.string()),
  nextCursor: z.nullable(z.string()),
});
export type ThreadLoadedListResponse = z.infer<typeof ThreadLoadedListResponse>;

export const ThreadUnsubscribeStatus = z.enum(['notLoaded', 'notSubscribed', 'unsubscribed']);
export type ThreadUnsubscribeStatus = z.infer<typeof ThreadUnsubscribeStatus>;

export const ThreadUnsubscribeParams = z.object({ threadId: z.string() });
export type ThreadUnsubscribeParams = z.infer<typeof ThreadUnsubscribeParams>;

export const ThreadUnsubscribeResponse = z.object({ status: ThreadUnsubscribeStatus });
export type ThreadUnsubscribeResponse = z.infer<typeof ThreadUnsubscribeResponse>;

export const ThreadStartedNotification = z.object({ thread: Thread });
export type ThreadStartedNotification = z.infer<typeof ThreadStartedNotification>;

export const ThreadStatusChangedNotification = z.object({ threadId: z.string(), status: ThreadStatus });
export type ThreadStatusChangedNotification = z.infer<typeof ThreadStatusChangedNotification>;

export const ThreadClosedNotification = z.object({ threadId: z.string() });
export type ThreadClosedNotification = z.infer<typeof ThreadClosedNotification>;
