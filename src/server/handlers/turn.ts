import type { Handler } from './handler.ts';

export const turnStart: Handler<'turn/start'> = ({ threadId, input }, { core, afterAnswer }) => {
  const { turn, run } = core.threads.get(threadId).startTurn(input);
  afterAnswer(run);
  return { turn };
};
