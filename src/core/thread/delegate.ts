import { isStopRequest } from '../conversation/index.ts';
import type { Delegate } from '../conversation/index.ts';
import type { Agent } from '../turn/agent.ts';

/** Gives the agent what the voice model hands over, as it would be given what is typed. */
export function delegateTo(agent: Agent, threadId: string): Delegate {
  return async ({ envelope, request, said }) => {
    if (isStopRequest(request)) return stopTurn(agent);
    await agent.steerable();
    agent.forgetSpoken(said);
    const input = [{ type: 'text' as const, text: envelope, text_elements: [] }];
    const { turn, run } = agent.startTurn({ threadId, input });
    return { outcome: { kind: 'taken', turnId: turn.id }, run };
  };
}

async function stopTurn(agent: Agent): ReturnType<Delegate> {
  await agent.settled();
  const wasRunning = agent.isRunning;
  const { finish } = await agent.interruptTurn('');
  finish();
  await agent.settled();
  return { outcome: { kind: 'stopped', wasRunning }, run: () => {} };
}
