import { checkInputSize } from '../../core/index.ts';
import type { Handler } from './handler.ts';

export const turnStart: Handler<'turn/start'> = async (params, { core, afterAnswer }) => {
  checkInputSize(params.input);
  const thread = core.threads.get(params.threadId);
  await thread.agent.settled();
  const { turn, run } = thread.startTurn(params);
  afterAnswer(run);
  return { turn };
};

export const turnSteer: Handler<'turn/steer'> = async (params, { core }) => {
  const { agent } = core.threads.get(params.threadId);
  await agent.settled();
  return agent.steerTurn(params);
};

/**
 * Answered when the turn's work has stopped, and before its end is told. The requests of the thread behind it wait, so
 * that none of them meets a turn that is ending: input that such a turn took would be lost.
 */
export const turnInterrupt: Handler<'turn/interrupt'> = async (
  { threadId, turnId },
  { core, afterAnswer },
) => {
  const { agent } = core.threads.get(threadId);
  await agent.settled();
  const { finish } = await agent.interruptTurn(turnId);
  afterAnswer(finish);
  return {};
};
