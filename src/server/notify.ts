import type { CoreEventName, CoreEvents } from '../core/index.ts';
import type { NotificationName, NotificationParamsOf } from '../protocol/index.ts';
import type { ClientConnection } from './client-connection.ts';

/** A thread's `subscribersUnnamed` are not told which thread it is about. */
type Audience = 'everyone' | 'subscribers' | 'subscribersUnnamed';

/** The notifications whose params are those of an event. */
type NotificationFor<E extends CoreEventName> = {
  [N in NotificationName]: CoreEvents[E] extends NotificationParamsOf<N> ? N : never;
}[NotificationName];

/** One row for each event of the core: how clients hear of it, and which of them do. */
const ROWS: { readonly [E in CoreEventName]: readonly [NotificationFor<E>, Audience] } = {
  accountLoginCompleted: ['account/login/completed', 'everyone'],
  accountRateLimitsUpdated: ['account/rateLimits/updated', 'subscribersUnnamed'],
  accountUpdated: ['account/updated', 'everyone'],
  threadStarted: ['thread/started', 'everyone'],
  threadArchived: ['thread/archived', 'everyone'],
  threadUnarchived: ['thread/unarchived', 'everyone'],
  threadClosed: ['thread/closed', 'everyone'],
  threadNameUpdated: ['thread/name/updated', 'everyone'],
  threadStatusChanged: ['thread/status/changed', 'everyone'],
  threadTokenUsageUpdated: ['thread/tokenUsage/updated', 'subscribers'],
  threadError: ['error', 'subscribers'],
  warning: ['warning', 'subscribers'],
  turnStarted: ['turn/started', 'subscribers'],
  turnCompleted: ['turn/completed', 'subscribers'],
  itemStarted: ['item/started', 'subscribers'],
  itemCompleted: ['item/completed', 'subscribers'],
  terminalInteraction: ['item/commandExecution/terminalInteraction', 'subscribers'],
  commandOutputDelta: ['item/commandExecution/outputDelta', 'subscribers'],
  mcpToolCallProgress: ['item/mcpToolCall/progress', 'subscribers'],
  mcpServerStatusUpdated: ['mcpServer/startupStatus/updated', 'subscribersUnnamed'],
  turnPlanUpdated: ['turn/plan/updated', 'subscribers'],
  turnDiffUpdated: ['turn/diff/updated', 'subscribers'],
  agentMessageDelta: ['item/agentMessage/delta', 'subscribers'],
  planDelta: ['item/plan/delta', 'subscribers'],
  reasoningSummaryPartAdded: ['item/reasoning/summaryPartAdded', 'subscribers'],
  reasoningSummaryTextDelta: ['item/reasoning/summaryTextDelta', 'subscribers'],
  reasoningTextDelta: ['item/reasoning/textDelta', 'subscribers'],
  modelRerouted: ['model/rerouted', 'subscribers'],
  modelVerification: ['model/verification', 'subscribers'],
  realtimeStarted: ['thread/realtime/started', 'subscribers'],
  realtimeSdp: ['thread/realtime/sdp', 'subscribers'],
  realtimeItemAdded: ['thread/realtime/itemAdded', 'subscribers'],
  realtimeTranscriptDelta: ['thread/realtime/transcript/delta', 'subscribers'],
  realtimeTranscriptDone: ['thread/realtime/transcript/done', 'subscribers'],
  realtimeOutputAudioDelta: ['thread/realtime/outputAudio/delta', 'subscribers'],
  realtimeError: ['thread/realtime/error', 'subscribers'],
  realtimeClosed: ['thread/realtime/closed', 'subscribers'],
};

/** Sends an event of the core to the clients it concerns. */
export function notify<E extends CoreEventName>(
  connections: Iterable<ClientConnection>,
  event: E,
  params: CoreEvents[E],
): void {
  const [method, audience] = ROWS[event];
  const threadId = audience === 'everyone' ? null : (params as { threadId: string | null }).threadId;
  const told = audience === 'subscribersUnnamed' ? unnamed(params) : params;
  for (const connection of connections) {
    if (threadId !== null && !connection.isSubscribedTo(threadId)) continue;
    connection.notify(method, told as NotificationParamsOf<NotificationFor<E>>);
  }
}

function unnamed(params: object): object {
  const { threadId: _, ...rest } = params as { threadId: string };
  return rest;
}
