import { sessionResponse } from '../../core/index.ts';
import { Accepted } from './handler.ts';
import type { Handler } from './handler.ts';

export const threadStart: Handler<'thread/start'> = async (params, { core, connection, afterAnswer }) => {
  const thread = await core.threads.start(params);
  connection.subscribe(thread);
  const answer = sessionResponse(thread, thread.view);
  afterAnswer(() => {
    core.environment.emit('threadStarted', { thread: answer.thread });
    thread.equipment.tellWarnings();
  });
  return answer;
};

export const threadLoadedList: Handler<'thread/loaded/list'> = (params, { core }) =>
  core.threads.list(params);

export const threadUnsubscribe: Handler<'thread/unsubscribe'> = ({ threadId }, { core, connection }) => {
  if (!core.threads.isLoaded(threadId)) return { status: 'notLoaded' };
  const wasSubscribed = connection.unsubscribe(core.threads.get(threadId));
  return { status: wasSubscribed ? 'unsubscribed' : 'notSubscribed' };
};

export const threadCompactStart: Handler<'thread/compact/start'> = async (
  { threadId },
  { core, afterAnswer },
) => {
  const { agent } = core.threads.get(threadId);
  await agent.settled();
  const { run } = agent.startCompaction();
  afterAnswer(run);
  return {};
};

export const threadShellCommand: Handler<'thread/shellCommand'> = async (
  { command, threadId },
  { core, afterAnswer },
) => {
  const { agent } = core.threads.get(threadId);
  await agent.settled();
  const { run } = agent.startUserCommand(command);
  afterAnswer(run);
  return {};
};

export const threadMemorySummarize: Handler<'thread/memory/summarize'> = ({ threadId }, { core, signal }) =>
  new Accepted(core.threads.get(threadId).summarizeMemory(signal));

export const threadIncrementElicitation: Handler<'thread/increment_elicitation'> = ({ threadId }, { core }) =>
  core.threads.get(threadId).elicitations.begin();

export const threadDecrementElicitation: Handler<'thread/decrement_elicitation'> = ({ threadId }, { core }) =>
  core.threads.get(threadId).elicitations.end();

export const threadBackgroundTerminalsClean: Handler<'thread/backgroundTerminals/clean'> = async (
  { threadId },
  { core },
) => {
  await core.threads.get(threadId).equipment.workbench.sessions.endAll();
  return {};
};
