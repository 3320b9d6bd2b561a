import type {
  AccountLoginCompletedNotification,
  AccountRateLimitsUpdatedNotification,
  AccountUpdatedNotification,
  AgentMessageDeltaNotification,
  CommandExecutionOutputDeltaNotification,
  ErrorNotification,
  ItemCompletedNotification,
  ItemStartedNotification,
  McpServerStatusUpdatedNotification,
  McpToolCallProgressNotification,
  ModelReroutedNotification,
  ModelVerificationNotification,
  PlanDeltaNotification,
  ReasoningSummaryPartAddedNotification,
  ReasoningSummaryTextDeltaNotification,
  ReasoningTextDeltaNotification,
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
} from '../protocol/index.ts';

/** Everything that happens in the core and that a client may hear of, by name, with what it is told. */
export interface CoreEvents {
  accountLoginCompleted: AccountLoginCompletedNotification;
  /** The limits are the account's; the thread is the one whose turn brought them. */
  accountRateLimitsUpdated: AccountRateLimitsUpdatedNotification & { readonly threadId: string };
  accountUpdated: AccountUpdatedNotification;
  threadStarted: ThreadStartedNotification;
  threadArchived: ThreadArchivedNotification;
  threadUnarchived: ThreadUnarchivedNotification;
  threadClosed: ThreadClosedNotification;
  threadNameUpdated: ThreadNameUpdatedNotification;
  threadStatusChanged: ThreadStatusChangedNotification;
  threadTokenUsageUpdated: ThreadTokenUsageUpdatedNotification;
  threadError: ErrorNotification;
  warning: WarningNotification;
  turnStarted: TurnStartedNotification;
  turnCompleted: TurnCompletedNotification;
  itemStarted: ItemStartedNotification;
  itemCompleted: ItemCompletedNotification;
  commandOutputDelta: CommandExecutionOutputDeltaNotification;
  terminalInteraction: TerminalInteractionNotification;
  mcpToolCallProgress: McpToolCallProgressNotification;
  /** The thread is the one whose server it is. */
  mcpServerStatusUpdated: McpServerStatusUpdatedNotification & { readonly threadId: string };
  turnPlanUpdated: TurnPlanUpdatedNotification;
  turnDiffUpdated: TurnDiffUpdatedNotification;
  agentMessageDelta: AgentMessageDeltaNotification;
  planDelta: PlanDeltaNotification;
  reasoningSummaryPartAdded: ReasoningSummaryPartAddedNotification;
  reasoningSummaryTextDelta: ReasoningSummaryTextDeltaNotification;
  reasoningTextDelta: ReasoningTextDeltaNotification;
  modelRerouted: ModelReroutedNotification;
  modelVerification: ModelVerificationNotification;
  realtimeStarted: ThreadRealtimeStartedNotification;
  realtimeSdp: ThreadRealtimeSdpNotification;
  realtimeItemAdded: ThreadRealtimeItemAddedNotification;
  realtimeTranscriptDelta: ThreadRealtimeTranscriptDeltaNotification;
  realtimeTranscriptDone: ThreadRealtimeTranscriptDoneNotification;
  realtimeOutputAudioDelta: ThreadRealtimeOutputAudioDeltaNotification;
  realtimeError: ThreadRealtimeErrorNotification;
  realtimeClosed: ThreadRealtimeClosedNotification;
}

export type CoreEventName = keyof CoreEvents;

/** Takes each event in order, without waiting. */
export type EmitCoreEvent = <N extends CoreEventName>(name: N, params: CoreEvents[N]) => void;
