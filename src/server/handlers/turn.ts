import type { Handler } from './handler.ts';

export const turnStart: Handler<'turn/start'> = (params, { core, afterAnswer }) => {
  const { turn, run } = core.threads.get(params.threadId).agent.startTurn(params);
  afterAnswer(run);
  return { turn };
};

export const turnSteer: Handler<'turn/steer'> = (params, { core }) =>
  core.threads.get(params.threadId).agent.steerTurn(params);

/**
 * Answered when the turn's work has stopped, and before its end is told. The requests of the thread behind it wait, so
 * that none of them meets a turn that is ending: input that such a turn took would be lost.
 */
export const turnInterrupt: Handler<'turn/interrupt'> = async (
  { threadId, turnId },
  { core, afterAnswer },
) => {
  const { finish } = await core.threads.get(threadId).agent.interruptTurn(turnId);
  afterAnswer(finish);
  return {};
};
