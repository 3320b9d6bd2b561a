import { expect } from 'vitest';
import { wordsOf } from '../server/turns.ts';
import type { OpenThread, TurnResult } from '../server/turns.ts';
import type { ClientFrame, UpstreamSocket } from '../support/realtime-upstream.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';
import type { UpstreamRequest } from '../support/responses-upstream.ts';
import { Call } from './call.ts';

/** A thread that can be spoken to, with a scripted voice model and a scripted text model. */
export interface AgentCall {
  readonly call: Call;
  readonly model: ResponsesUpstream;
  /** The same thread, for turns. */
  readonly typed: OpenThread;
}

export async function openAgentCall({ realtime = '', top = '' } = {}): Promise<AgentCall> {
  const model = await ResponsesUpstream.open();
  const call = await Call.open({
    config: { realtime, top },
    editConfig: (text, { url }) =>
      text
        .replace('model = "test-model"', 'model = "gpt-5.5"')
        .replace(`base_url = "${url}/v1"`, `base_url = "${model.url}/v1"`),
  });
  const { daemon, threadId } = call;
  return { call, model, typed: { daemon, threadId, upstream: model } };
}

/** What the voice model of version 2 does to hand work over. */
export function handsOver(callId: string, callArguments: object): object {
  return {
    type: 'conversation.item.done',
    item: {
      id: `item_${callId}`,
      type: 'function_call',
      name: 'background_agent',
      call_id: callId,
      arguments: JSON.stringify(callArguments),
    },
  };
}

/** A request that the voice model of version 2 hands over. */
export function asks(callId: string, prompt: string): object {
  return handsOver(callId, { prompt });
}

/** A request that the voice model of version 1 hands over. */
export function asksInOldWords(handoffId: string, request: string): object {
  return {
    type: 'conversation.handoff.requested',
    handoff_id: handoffId,
    item_id: `item_${handoffId}`,
    input_transcript: request,
  };
}

export const CREATE = { type: 'response.create' };

/** The answer to a call of version 2. */
export function output(callId: string, words: RegExp): object {
  return {
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id: callId, output: expect.stringMatching(words) },
  };
}

/** What the voice model of version 2 is told of the agent's work. */
export function progress(words: string): object {
  return {
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: `[BACKEND] ${words}` }] },
  };
}

/** What the voice model of version 1 is told of the agent's work. */
export function append(handoffId: string, words: string | RegExp): object {
  const label = '"Agent Final Message":\n\n';
  return {
    type: 'conversation.handoff.append',
    handoff_id: handoffId,
    output_text:
      typeof words === 'string'
        ? label + words
        : expect.stringMatching(new RegExp(`^${label}.*${words.source}`)),
  };
}

/** How the agent is given a request; `said` is what was said since the one before. */
export function envelope(input: string, ...said: string[]): string {
  const delta = said.length === 0 ? [] : [`  <transcript_delta>${said.join('\n')}</transcript_delta>`];
  return ['<realtime_delegation>', `  <input>${input}</input>`, ...delta, '</realtime_delegation>'].join(
    '\n',
  );
}

/** An envelope where the user has said nothing but the request. */
export function plainEnvelope(input: string): string {
  return envelope(input, `user: ${input}`);
}

/** What a socket received behind the first frame, without fences. */
export function framesOf(socket: UpstreamSocket): ClientFrame[] {
  return socket.received.slice(1).filter((frame) => !JSON.stringify(frame).includes('[USER] fence '));
}

/** Waits until a socket has received so many frames, and gives them. */
export async function frames(
  { call }: AgentCall,
  socket: UpstreamSocket,
  count: number,
): Promise<ClientFrame[]> {
  await call.upstream.until(`${count} frames`, () => (framesOf(socket).length >= count ? true : undefined));
  return framesOf(socket);
}

/** Gives what a socket has received when all has arrived that the daemon had sent. Only for version 2. */
export async function allFrames({ call }: AgentCall, socket: UpstreamSocket): Promise<ClientFrame[]> {
  await call.sendingFence(socket);
  return framesOf(socket);
}

/** What the user has said, in the order in which the model is given it; the surroundings are left out. */
export function userWords({ input }: UpstreamRequest): string[] {
  return input
    .filter(({ role }) => role === 'user')
    .map(wordsOf)
    .filter((words) => !words.startsWith('<environment_context>'));
}

/** The id of the n-th turn of the thread, once it has begun. */
export async function turnId({ call }: AgentCall, index = 0): Promise<string> {
  const { params } = await call.daemon.until(
    `turn ${index}`,
    () => call.daemon.notifications('turn/started')[index],
  );
  return (params as unknown as TurnResult).turn.id;
}

/** Waits until so many turns of the thread have ended, and gives how they did. */
export async function turnEnds({ call }: AgentCall, count = 1): Promise<unknown[]> {
  await call.daemon.until(`${count} ends of turns`, () =>
    call.daemon.notifications('turn/completed').length >= count ? true : undefined,
  );
  return call.daemon
    .notifications('turn/completed')
    .map(({ params }) => (params as unknown as TurnResult).turn['status']);
}
