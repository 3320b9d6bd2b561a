import { expect, test } from 'vitest';
import { audioFrame, textFrame } from './call.ts';
import { allFrames, asks, CREATE, frames, openAgentCall, output, progress } from './handoff-call.ts';
import type { AgentCall } from './handoff-call.ts';
import type { ClientFrame, UpstreamSocket } from '../support/realtime-upstream.ts';

const ANSWERED = [progress('Done.'), output('c1', /finished/)];

const REFUSAL = {
  type: 'error',
  error: {
    type: 'invalid_request_error',
    code: 'conversation_already_has_active_response',
    message: 'Conversation already has an active response',
  },
};

function response(type: string, id: string): object {
  return { type, response: { id } };
}

/** A request that was worked on while the upstream said this before and meanwhile. */
async function answered(...events: object[]): Promise<AgentCall & { socket: UpstreamSocket }> {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start();
  socket.send(asks('c1', 'dig'), ...events);
  const request = await model.request();
  await call.fence(socket);
  request.answer('m1', ['Done.']);
  await frames(agentCall, socket, 2);
  return { ...agentCall, socket };
}

/** What was sent when the daemon has taken notice of these events. */
async function sentAfter(
  agentCall: AgentCall & { socket: UpstreamSocket },
  ...events: object[]
): Promise<ClientFrame[]> {
  agentCall.socket.send(...events);
  await agentCall.call.fence(agentCall.socket);
  return allFrames(agentCall, agentCall.socket);
}

test.each([
  ['done', 'response.done'],
  ['cancelled', 'response.cancelled'],
])('a response waits while one is active, and is asked for when that is %s', async (_name, end) => {
  const waiting = await answered(response('response.created', 'r1'));
  expect(await sentAfter(waiting)).toEqual(ANSWERED);
  expect(await sentAfter(waiting, response(end, 'r1'))).toEqual([...ANSWERED, CREATE]);
  expect(
    await sentAfter(waiting, response('response.created', 'r2'), response('response.done', 'r2')),
  ).toEqual([...ANSWERED, CREATE]);
  expect(waiting.call.count('error')).toBe(0);
});

test('a response that the upstream refuses is asked for when the other is over, and nobody hears of it', async () => {
  const waiting = await answered();
  await frames(waiting, waiting.socket, 3);
  expect(await sentAfter(waiting, REFUSAL)).toEqual([...ANSWERED, CREATE]);
  expect(await sentAfter(waiting, response('response.done', 'r1'))).toEqual([...ANSWERED, CREATE, CREATE]);
  expect(
    await sentAfter(waiting, response('response.created', 'r2'), response('response.done', 'r2')),
  ).toHaveLength(4);
  expect(waiting.call.count('error')).toBe(0);
});

test('a response whose end is told twice ends once', async () => {
  const waiting = await answered(response('response.created', 'r1'));
  waiting.socket.send(asks('c2', ''), asks('c3', ''));
  const ends = [response('response.cancelled', 'r1'), response('response.done', 'r1')];
  const sent = await sentAfter(waiting, ...ends);
  expect(sent.filter(({ type }) => type === 'response.create')).toEqual([CREATE]);
});

test('a response that failed to be asked for is not waited for', async () => {
  const waiting = await answered();
  await frames(waiting, waiting.socket, 3);
  const failure = { type: 'invalid_request_error', code: 'invalid_value', message: 'no' };
  await sentAfter(waiting, { type: 'error', error: failure });
  expect(waiting.call.count('error')).toBe(1);
  waiting.socket.send(asks('c2', 'dig again'));
  (await waiting.model.request(1)).answer('m2', ['Again.']);
  expect((await frames(waiting, waiting.socket, 6)).slice(3)).toEqual([
    progress('Again.'),
    output('c2', /finished/),
    CREATE,
  ]);
});

test('text and audio wait for no response and ask for none', async () => {
  const agentCall = await openAgentCall();
  const { call } = agentCall;
  const socket = await call.start();
  socket.send(response('response.created', 'r1'));
  await call.fence(socket);
  await call.appendText('hello');
  await call.appendText('again');
  socket.send(response('response.cancelled', 'r1'));
  await call.fence(socket);
  await call.appendAudio('AAAA');
  expect(await allFrames(agentCall, socket)).toEqual([
    textFrame('[USER] hello'),
    textFrame('[USER] again'),
    audioFrame('AAAA'),
  ]);
});
