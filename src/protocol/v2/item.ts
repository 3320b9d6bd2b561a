import * as z from 'zod/mini';
import { AbsolutePathBuf, int32, int64, jsonValue, uint32 } from '../scalars.ts';
import { UserInput } from './input.ts';
import { ReasoningEffort } from './model.ts';

export const HookPromptFragment = z.object({ text: z.string(), hookRunId: z.string() });
export type HookPromptFragment = z.infer<typeof HookPromptFragment>;

export const MessagePhase = z.enum(['commentary', 'final_answer']);
export type MessagePhase = z.infer<typeof MessagePhase>;

export const MemoryCitationEntry = z.object({
  path: z.string(),
  lineStart: uint32,
  lineEnd: uint32,
  note: z.string(),
});
export type MemoryCitationEntry = z.infer<typeof MemoryCitationEntry>;

export const MemoryCitation = z.object({
  entries: z.array(MemoryCitationEntry),
  threadIds: z.array(z.string()),
});
export type MemoryCitation = z.infer<typeof MemoryCitation>;

export const CommandExecutionSource = z.enum([
  'agent',
  'userShell',
  'unifiedExecStartup',
  'unifiedExecInteraction',
]);
export type CommandExecutionSource = z.infer<typeof CommandExecutionSource>;

export const CommandExecutionStatus = z.enum(['inProgress', 'completed', 'failed', 'declined']);
export type CommandExecutionStatus = z.infer<typeof CommandExecutionStatus>;

/** What a command was recognised to do. */
export const CommandAction = z.discriminatedUnion('type', [
  z.object({ type: z.literal('read'), command: z.string(), name: z.string(), path: AbsolutePathBuf }),
  z.object({ type: z.literal('listFiles'), command: z.string(), path: z.nullable(z.string()) }),
  z.object({
    type: z.literal('search'),
    command: z.string(),
    query: z.nullable(z.string()),
    path: z.nullable(z.string()),
  }),
  z.object({ type: z.literal('unknown'), command: z.string() }),
]);
export type CommandAction = z.infer<typeof CommandAction>;

export const PatchApplyStatus = z.enum(['inProgress', 'completed', 'failed', 'declined']);
export type PatchApplyStatus = z.infer<typeof PatchApplyStatus>;

/** How a file changed; `move_path` is snake_case on the wire. */
export const PatchChangeKind = z.discriminatedUnion('type', [
  z.object({ type: z.literal('add') }),
  z.object({ type: z.literal('delete') }),
  z.object({ type: z.literal('update'), move_path: z.nullable(z.string()) }),
]);
export type PatchChangeKind = z.infer<typeof PatchChangeKind>;

export const FileUpdateChange = z.object({
  path: z.string(),
  kind: PatchChangeKind,
  diff: z.string(),
});
export type FileUpdateChange = z.infer<typeof FileUpdateChange>;

export const McpToolCallStatus = z.enum(['inProgress', 'completed', 'failed']);
export type McpToolCallStatus = z.infer<typeof McpToolCallStatus>;

export const McpToolCallResult = z.object({
  content: z.array(jsonValue),
  structuredContent: jsonValue,
  _meta: jsonValue,
});
export type McpToolCallResult = z.infer<typeof McpToolCallResult>;

export const McpToolCallError = z.object({ message: z.string() });
export type McpToolCallError = z.infer<typeof McpToolCallError>;

export const DynamicToolCallStatus = z.enum(['inProgress', 'completed', 'failed']);
export type DynamicToolCallStatus = z.infer<typeof DynamicToolCallStatus>;

export const DynamicToolCallOutputContentItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('inputText'), text: z.string() }),
  z.object({ type: z.literal('inputImage'), imageUrl: z.string() }),
]);
export type DynamicToolCallOutputContentItem = z.infer<typeof DynamicToolCallOutputContentItem>;

export const CollabAgentTool = z.enum(['spawnAgent', 'sendInput', 'resumeAgent', 'wait', 'closeAgent']);
export type CollabAgentTool = z.infer<typeof CollabAgentTool>;

export const CollabAgentToolCallStatus = z.enum(['inProgress', 'completed', 'failed']);
export type CollabAgentToolCallStatus = z.infer<typeof CollabAgentToolCallStatus>;

export const CollabAgentStatus = z.enum([
  'pendingInit',
  'running',
  'interrupted',
  'completed',
  'errored',
  'shutdown',
  'notFound',
]);
export type CollabAgentStatus = z.infer<typeof CollabAgentStatus>;

export const CollabAgentState = z.object({
  status: CollabAgentStatus,
  message: z.nullable(z.string()),
});
export type CollabAgentState = z.infer<typeof CollabAgentState>;

export const WebSearchAction = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('search'),
    query: z.nullable(z.string()),
    queries: z.nullable(z.array(z.string())),
  }),
  z.object({ type: z.literal('openPage'), url: z.nullable(z.string()) }),
  z.object({
    type: z.literal('findInPage'),
    url: z.nullable(z.string()),
    pattern: z.nullable(z.string()),
  }),
  z.object({ type: z.literal('other') }),
]);
export type WebSearchAction = z.infer<typeof WebSearchAction>;

/** One thing that happened in a turn. Durations are in milliseconds and null until the item is done. */
export const ThreadItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('userMessage'), id: z.string(), content: z.array(UserInput) }),
  z.object({ type: z.literal('hookPrompt'), id: z.string(), fragments: z.array(HookPromptFragment) }),
  z.object({
    type: z.literal('agentMessage'),
    id: z.string(),
    text: z.string(),
    phase: z.nullable(MessagePhase),
    memoryCitation: z.nullable(MemoryCitation),
  }),
  z.object({ type: z.literal('plan'), id: z.string(), text: z.string() }),
  z.object({
    type: z.literal('reasoning'),
    id: z.string(),
    summary: z.array(z.string()),
    content: z.array(z.string()),
  }),
  z.object({
    type: z.literal('commandExecution'),
    id: z.string(),
    command: z.string(),
    cwd: AbsolutePathBuf,
    processId: z.nullable(z.string()),
    source: CommandExecutionSource,
    status: CommandExecutionStatus,
    commandActions: z.array(CommandAction),
    aggregatedOutput: z.nullable(z.string()),
    exitCode: z.nullable(int32),
    durationMs: z.nullable(int64),
  }),
  z.object({
    type: z.literal('fileChange'),
    id: z.string(),
    changes: z.array(FileUpdateChange),
    status: PatchApplyStatus,
  }),
  z.object({
    type: z.literal('mcpToolCall'),
    id: z.string(),
    server: z.string(),
    tool: z.string(),
    status: McpToolCallStatus,
    arguments: jsonValue,
    /** Absent when the tool has no app resource. */
    mcpAppResourceUri: z.nullish(z.string()),
    result: z.nullable(McpToolCallResult),
    error: z.nullable(McpToolCallError),
    durationMs: z.nullable(int64),
  }),
  z.object({
    type: z.literal('dynamicToolCall'),
    id: z.string(),
    namespace: z.nullable(z.string()),
    tool: z.string(),
    arguments: jsonValue,
    status: DynamicToolCallStatus,
    contentItems: z.nullable(z.array(DynamicToolCallOutputContentItem)),
    success: z.nullable(z.boolean()),
    durationMs: z.nullable(int64),
  }),
  z.object({
    type: z.literal('collabAgentToolCall'),
    id: z.string(),
    tool: CollabAgentTool,
    status: CollabAgentToolCallStatus,
    senderThreadId: z.string(),
    receiverThreadIds: z.array(z.string()),
    prompt: z.nullable(z.string()),
    model: z.nullable(z.string()),
    reasoningEffort: z.nullable(ReasoningEffort),
    agentsStates: z.record(z.string(), CollabAgentState),
  }),
  z.object({
    type: z.literal('webSearch'),
    id: z.string(),
    query: z.string(),
    action: z.nullable(WebSearchAction),
  }),
  z.object({ type: z.literal('imageView'), id: z.string(), path: AbsolutePathBuf }),
  z.object({
    type: z.literal('imageGeneration'),
    id: z.string(),
    status: z.string(),
    revisedPrompt: z.nullable(z.string()),
    result: z.string(),
    /** Absent when the image was not saved. */
    savedPath: z.nullish(AbsolutePathBuf),
  }),
  z.object({ type: z.literal('enteredReviewMode'), id: z.string(), review: z.string() }),
  z.object({ type: z.literal('exitedReviewMode'), id: z.string(), review: z.string() }),
  z.object({ type: z.literal('contextCompaction'), id: z.string() }),
]);
export type ThreadItem = z.infer<typeof ThreadItem>;

/** `startedAtMs` is in Unix milliseconds. */
export const ItemStartedNotification = z.object({
  item: ThreadItem,
  threadId: z.string(),
  turnId: z.string(),
  startedAtMs: int64,
});
export type ItemStartedNotification = z.infer<typeof ItemStartedNotification>;

/** `completedAtMs` is in Unix milliseconds. */
export const ItemCompletedNotification = z.object({
  item: ThreadItem,
  threadId: z.string(),
  turnId: z.string(),
  completedAtMs: int64,
});
export type ItemCompletedNotification = z.infer<typeof ItemCompletedNotification>;

export const AgentMessageDeltaNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  delta: z.string(),
});
export type AgentMessageDeltaNotification = z.infer<typeof AgentMessageDeltaNotification>;

/** More of what a command has printed, both streams as they came. */
export const CommandExecutionOutputDeltaNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  delta: z.string(),
});
export type CommandExecutionOutputDeltaNotification = z.infer<typeof CommandExecutionOutputDeltaNotification>;

/** The agent has written to a command that runs, or, with an empty `stdin`, looks what it has printed since. */
export const TerminalInteractionNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  processId: z.string(),
  stdin: z.string(),
});
export type TerminalInteractionNotification = z.infer<typeof TerminalInteractionNotification>;

/** Of earlier generations; clients may still listen for it. */
export const FileChangeOutputDeltaNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  delta: z.string(),
});
export type FileChangeOutputDeltaNotification = z.infer<typeof FileChangeOutputDeltaNotification>;

/** A patch that the model is still writing, as far as it can be read. */
export const FileChangePatchUpdatedNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  changes: z.array(FileUpdateChange),
});
export type FileChangePatchUpdatedNotification = z.infer<typeof FileChangePatchUpdatedNotification>;
