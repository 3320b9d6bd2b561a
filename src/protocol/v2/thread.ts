import * as z from 'zod/mini';
import { AbsolutePathBuf, int32, int64 } from '../scalars.ts';
import { Turn } from './turn.ts';

/** A lower-case hyphenated UUID. Requests may spell it otherwise; the syntax is checked by the handler. */
export const ThreadId = z.string();
export type ThreadId = z.infer<typeof ThreadId>;

export const AgentPath = z.string();
export type AgentPath = z.infer<typeof AgentPath>;

export const ThreadSource = z.enum(['user', 'subagent', 'memory_consolidation']);
export type ThreadSource = z.infer<typeof ThreadSource>;

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

export const ThreadUnsubscribeStatus = z.enum(['notLoaded', 'notSubscribed', 'unsubscribed']);
export type ThreadUnsubscribeStatus = z.infer<typeof ThreadUnsubscribeStatus>;

export const ThreadUnsubscribeParams = z.object({ threadId: z.string() });
export type ThreadUnsubscribeParams = z.infer<typeof ThreadUnsubscribeParams>;

export const ThreadUnsubscribeResponse = z.object({ status: ThreadUnsubscribeStatus });
export type ThreadUnsubscribeResponse = z.infer<typeof ThreadUnsubscribeResponse>;

export const ThreadStatusChangedNotification = z.object({ threadId: z.string(), status: ThreadStatus });
export type ThreadStatusChangedNotification = z.infer<typeof ThreadStatusChangedNotification>;

export const ThreadClosedNotification = z.object({ threadId: z.string() });
export type ThreadClosedNotification = z.infer<typeof ThreadClosedNotification>;
