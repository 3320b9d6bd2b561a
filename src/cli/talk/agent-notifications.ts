import type { Client } from '../../client/index.ts';
import type { NotificationName, NotificationParamsOf } from '../../protocol/index.ts';
import type { AgentWork } from './agent-work.ts';
import type { CallProgress } from './call-progress.ts';

/** Follows the turns of a thread for as long as the client is connected. */
export function followAgent(
  client: Client,
  threadId: string,
  { work, progress }: { readonly work: AgentWork; readonly progress: CallProgress },
): void {
  const on = <N extends AgentNotification>(
    name: N,
    listener: (params: NotificationParamsOf<N>) => void,
  ): void => {
    client.on(name, (params) => {
      if ((params as { readonly threadId: string }).threadId === threadId) listener(params);
    });
  };
  on('turn/started', ({ turn }) => {
    work.turnStarted(turn);
    progress.workBegan();
  });
  on('item/started', ({ item }) => {
    work.itemStarted(item);
    progress.workGoesOn();
  });
  on('item/agentMessage/delta', ({ itemId, delta }) => {
    work.messageDelta(itemId, delta);
    progress.workGoesOn();
  });
  on('item/completed', ({ item }) => {
    work.itemCompleted(item);
    progress.workGoesOn();
  });
  on('error', ({ turnId, error, willRetry }) => {
    work.error(turnId, error, willRetry);
    progress.workGoesOn();
  });
  on('turn/completed', ({ turn }) => {
    work.turnCompleted(turn);
    progress.workEnded();
  });
}

type AgentNotification = Extract<
  NotificationName,
  'turn/started' | 'turn/completed' | 'item/started' | 'item/completed' | 'item/agentMessage/delta' | 'error'
>;
