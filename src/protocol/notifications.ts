import type * as z from 'zod/mini';
import {
  AccountLoginCompletedNotification,
  AccountRateLimitsUpdatedNotification,
  AccountUpdatedNotification,
  AgentMessageDeltaNotification,
  CommandExecutionOutputDeltaNotification,
  ConfigWarningNotification,
  ContextCompactedNotification,
  DeprecationNoticeNotification,
  ErrorNotification,
  FileChangeOutputDeltaNotification,
  FileChangePatchUpdatedNotification,
  ItemCompletedNotification,
  ItemStartedNotification,
  McpServerStatusUpdatedNotification,
  McpToolCallProgressNotification,
  ModelReroutedNotification,
  ModelVerificationNotification,
  PlanDeltaNotification,
  RawResponseItemCompletedNotification,
  ReasoningSummaryPartAddedNotification,
  ReasoningSummaryTextDeltaNotification,
  ReasoningTextDeltaNotification,
  RemoteControlStatusChangedNotification,
  ServerRequestResolvedNotification,
  TerminalInteractionNotification,
  ThreadArchivedNotification,
  ThreadClosedNotification,
  ThreadNameUpdatedNotification,
  ThreadRealtimeClosedNotification,
  ThreadRealtimeErrorNotification,
  ThreadRealtimeItemAddedNotification,
  ThreadRealtimeOutputAudioDeltaNotification,
  ThreadRealtimeSdpNotification,
  ThreadRealtimeStartedNotification,
  ThreadRealtimeTranscriptDeltaNotification,
  ThreadRealtimeTranscriptDoneNotification,
  ThreadStartedNotification,
  ThreadStatusChangedNotification,
  ThreadTokenUsageUpdatedNotification,
  ThreadUnarchivedNotification,
  TurnCompletedNotification,
  TurnDiffUpdatedNotification,
  TurnPlanUpdatedNotification,
  TurnStartedNotification,
  WarningNotification,
} from './v2/index.ts';

/** Everything that is known about one server notification. */
export interface NotificationRow {
  readonly method: string;
  readonly params: z.ZodMiniType;
  /** Experimental ones are sent only to a connection with the experimental capability. */
  readonly experimental: boolean;
}

/** Every server notification, in protocol order. */
export const notifications = [
  { method: 'error', params: ErrorNotification, experimental: false },
  { method: 'thread/started', params: ThreadStartedNotification, experimental: false },
  { method: 'thread/status/changed', params: ThreadStatusChangedNotification, experimental: false },
  { method: 'thread/archived', params: ThreadArchivedNotification, experimental: false },
  { method: 'thread/unarchived', params: ThreadUnarchivedNotification, experimental: false },
  { method: 'thread/closed', params: ThreadClosedNotification, experimental: false },
  { method: 'thread/name/updated', params: ThreadNameUpdatedNotification, experimental: false },
  { method: 'thread/tokenUsage/updated', params: ThreadTokenUsageUpdatedNotification, experimental: false },
  { method: 'turn/started', params: TurnStartedNotification, experimental: false },
  { method: 'turn/completed', params: TurnCompletedNotification, experimental: false },
  { method: 'turn/diff/updated', params: TurnDiffUpdatedNotification, experimental: false },
  { method: 'turn/plan/updated', params: TurnPlanUpdatedNotification, experimental: false },
  { method: 'item/started', params: ItemStartedNotification, experimental: false },
  { method: 'item/completed', params: ItemCompletedNotification, experimental: false },
  { method: 'item/agentMessage/delta', params: AgentMessageDeltaNotification, experimental: false },
  { method: 'item/plan/delta', params: PlanDeltaNotification, experimental: false },
  { method: 'rawResponseItem/completed', params: RawResponseItemCompletedNotification, experimental: true },
  {
    method: 'item/commandExecution/outputDelta',
    params: CommandExecutionOutputDeltaNotification,
    experimental: false,
  },
  {
    method: 'item/commandExecution/terminalInteraction',
    params: TerminalInteractionNotification,
    experimental: false,
  },
  { method: 'item/fileChange/outputDelta', params: FileChangeOutputDeltaNotification, experimental: false },
  { method: 'item/fileChange/patchUpdated', params: FileChangePatchUpdatedNotification, experimental: false },
  { method: 'serverRequest/resolved', params: ServerRequestResolvedNotification, experimental: false },
  { method: 'item/mcpToolCall/progress', params: McpToolCallProgressNotification, experimental: false },
  {
    method: 'mcpServer/startupStatus/updated',
    params: McpServerStatusUpdatedNotification,
    experimental: false,
  },
  { method: 'account/updated', params: AccountUpdatedNotification, experimental: false },
  { method: 'account/rateLimits/updated', params: AccountRateLimitsUpdatedNotification, experimental: false },
  {
    method: 'remoteControl/status/changed',
    params: RemoteControlStatusChangedNotification,
    experimental: false,
  },
  {
    method: 'item/reasoning/summaryTextDelta',
    params: ReasoningSummaryTextDeltaNotification,
    experimental: false,
  },
  {
    method: 'item/reasoning/summaryPartAdded',
    params: ReasoningSummaryPartAddedNotification,
    experimental: false,
  },
  { method: 'item/reasoning/textDelta', params: ReasoningTextDeltaNotification, experimental: false },
  { method: 'thread/compacted', params: ContextCompactedNotification, experimental: false },
  { method: 'model/rerouted', params: ModelReroutedNotification, experimental: false },
  { method: 'model/verification', params: ModelVerificationNotification, experimental: false },
  { method: 'warning', params: WarningNotification, experimental: false },
  { method: 'deprecationNotice', params: DeprecationNoticeNotification, experimental: false },
  { method: 'configWarning', params: ConfigWarningNotification, experimental: false },
  { method: 'thread/realtime/started', params: ThreadRealtimeStartedNotification, experimental: true },
  { method: 'thread/realtime/itemAdded', params: ThreadRealtimeItemAddedNotification, experimental: true },
  {
    method: 'thread/realtime/transcript/delta',
    params: ThreadRealtimeTranscriptDeltaNotification,
    experimental: true,
  },
  {
    method: 'thread/realtime/transcript/done',
    params: ThreadRealtimeTranscriptDoneNotification,
    experimental: true,
  },
  {
    method: 'thread/realtime/outputAudio/delta',
    params: ThreadRealtimeOutputAudioDeltaNotification,
    experimental: true,
  },
  { method: 'thread/realtime/sdp', params: ThreadRealtimeSdpNotification, experimental: true },
  { method: 'thread/realtime/error', params: ThreadRealtimeErrorNotification, experimental: true },
  { method: 'thread/realtime/closed', params: ThreadRealtimeClosedNotification, experimental: true },
  { method: 'account/login/completed', params: AccountLoginCompletedNotification, experimental: false },
] as const satisfies readonly NotificationRow[];

type Row = (typeof notifications)[number];

/** The name of a server notification. */
export type NotificationName = Row['method'];

/** The params of one server notification: every key of the schema, null where there is no value. */
export type NotificationParamsOf<N extends NotificationName> = z.output<
  Extract<Row, { readonly method: N }>['params']
>;

/** One server notification as it goes on the wire. */
export type ServerNotification = {
  [N in NotificationName]: { readonly method: N; readonly params: NotificationParamsOf<N> };
}[NotificationName];

const rowsByName: ReadonlyMap<string, NotificationRow> = new Map(
  notifications.map((row) => [row.method, row]),
);

/** The row of a server notification's name as it came over the wire, or undefined for an unknown one. */
export function findNotification(method: string): NotificationRow | undefined {
  return rowsByName.get(method);
}

/** Every notification that a client may send. None has params; absent, null and `{}` are all accepted. */
export const clientNotifications = ['initialized'] as const;

/** The name of a client notification. */
export type ClientNotificationName = (typeof clientNotifications)[number];
