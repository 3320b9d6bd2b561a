import { VOICES } from '../../core/index.ts';
import type { AppendOutcome, Conversation, Thread } from '../../core/index.ts';
import { Accepted } from './handler.ts';
import type { Handler, HandlerContext } from './handler.ts';

export const realtimeStart: Handler<'thread/realtime/start'> = (params, context) => {
  const { conversation } = talkingThread(params.threadId, context);
  conversation.checkStart();
  context.afterAnswer(() => conversation.start(params));
  return {};
};

export const realtimeAppendAudio: Handler<'thread/realtime/appendAudio'> = (params, context) => {
  const { thread, conversation } = talkingThread(params.threadId, context);
  return answerAppend(conversation.appendAudio(params.audio.data), thread, context);
};

export const realtimeAppendText: Handler<'thread/realtime/appendText'> = (params, context) => {
  const { thread, conversation } = talkingThread(params.threadId, context);
  return answerAppend(conversation.appendText(params.text), thread, context);
};

export const realtimeStop: Handler<'thread/realtime/stop'> = ({ threadId }, context) => {
  const { conversation } = talkingThread(threadId, context);
  context.afterAnswer(() => conversation.stop());
  return {};
};

export const realtimeListVoices: Handler<'thread/realtime/listVoices'> = () => ({
  voices: {
    v1: [...VOICES.v1.voices],
    v2: [...VOICES.v2.voices],
    defaultV1: VOICES.v1.defaultVoice,
    defaultV2: VOICES.v2.defaultVoice,
  },
});

/** A client that talks to a thread hears of it from then on, whether the thread can talk or not. */
function talkingThread(
  threadId: string,
  { core, connection }: HandlerContext,
): { thread: Thread; conversation: Conversation } {
  const thread = core.threads.get(threadId);
  connection.subscribe(thread);
  return { thread, conversation: thread.conversation };
}

/** Input that has to wait for the upstream is answered when it has been handed over; other requests go on. */
function answerAppend(
  outcome: AppendOutcome | Promise<AppendOutcome>,
  thread: Thread,
  { afterAnswer }: HandlerContext,
): Record<string, never> | Accepted<Record<string, never>> {
  const answer = (settled: AppendOutcome): Record<string, never> => {
    if (settled === 'notRunning') afterAnswer(() => thread.reportRealtimeNotRunning());
    return {};
  };
  return outcome instanceof Promise ? new Accepted(outcome.then(answer)) : answer(outcome);
}
