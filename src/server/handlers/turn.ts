import { Accepted } from './handler.ts';
import type { Handler } from './handler.ts';

export const turnStart: Handler<'turn/start'> = (params, { core, afterAnswer }) => {
  const { turn, run } = core.threads.get(params.threadId).agent.startTurn(params);
  afterAnswer(run);
  return { turn };
};

export const turnSteer: Handler<'turn/steer'> = (params, { core }) =>
  core.threads.get(params.threadId).agent.steerTurn(params);

/** Answered when the turn's work has stopped, and before its end is told. */
export const turnInterrupt: Handler<'turn/interrupt'> = ({ threadId, turnId }, { core, afterAnswer }) => {
  const interrupted = core.threads.get(threadId).agent.interruptTurn(turnId);
  return new Accepted(
    interrupted.then(({ finish }) => {
      afterAnswer(finish);
      return {};
    }),
  );
};
