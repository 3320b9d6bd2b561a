import { describe, expect, it, test } from 'vitest';
import { startTurn } from '../server/turns.ts';
import { completed } from '../support/responses-upstream.ts';
import {
  append,
  asksInOldWords,
  envelope,
  frames,
  framesOf,
  openAgentCall,
  plainEnvelope,
  turnEnds,
  userWords,
} from './handoff-call.ts';
import type { AgentCall } from './handoff-call.ts';
import type { UpstreamSocket } from '../support/realtime-upstream.ts';

const V1 = { version: 'v1' };

/** Gives what has arrived when all has that the daemon had sent. */
async function allFrames({ call }: AgentCall, socket: UpstreamSocket): Promise<unknown[]> {
  await call.sendingFence(socket);
  return framesOf(socket);
}

function user(delta: string): object {
  return { type: 'conversation.input_transcript.delta', delta };
}

function assistant(delta: string): object {
  return { type: 'conversation.output_transcript.delta', delta };
}

test('a request of version 1 is handed over, and what the agent says is its answer', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start(V1);
  socket.send(user('dig '), user('here'), asksInOldWords('h1', 'dig here'));
  const request = await model.request();
  expect(userWords(request)).toEqual([envelope('dig here', 'user: dig here')]);
  request.answer('m1', ['Done.']);
  expect(await turnEnds(agentCall)).toEqual(['completed']);
  expect(await allFrames(agentCall, socket)).toEqual([append('h1', 'Done.')]);
});

test('what was said by both comes along, in its order, the request last', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start(V1);
  socket.send(
    { type: 'conversation.item.input_audio_transcription.completed', transcript: 'Q0' },
    assistant('A'),
    assistant('1'),
    user('Q1'),
    assistant('A2'),
    asksInOldWords('h1', 'other'),
  );
  expect(userWords(await model.request())).toEqual([
    envelope('other', 'user: Q0', 'assistant: A1', 'user: Q1', 'assistant: A2', 'user: other'),
  ]);
});

test('a second request comes with what was said since the first', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start(V1);
  socket.send(user('first'), asksInOldWords('h1', 'first'));
  (await model.request()).answer('m1', ['One.']);
  await turnEnds(agentCall);
  socket.send(user('second'), asksInOldWords('h2', 'second'));
  const request = await model.request(1);
  expect(userWords(request)).toEqual([plainEnvelope('first'), plainEnvelope('second')]);
  request.answer('m2', ['Two.']);
  await turnEnds(agentCall, 2);
  expect(await allFrames(agentCall, socket)).toEqual([append('h1', 'One.'), append('h2', 'Two.')]);
});

test('two messages of the agent both come back, even if the item of the request is done in between', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start(V1);
  socket.send(asksInOldWords('h1', 'dig'));
  const first = await model.request();
  first.begin('m1', ['I dig.']);
  first.send({
    type: 'response.output_item.done',
    output_index: 0,
    item: {
      type: 'message',
      role: 'assistant',
      id: 'm1',
      content: [{ type: 'output_text', text: 'I dig.' }],
    },
  });
  await frames(agentCall, socket, 1);
  socket.send({ type: 'conversation.item.done', item: { id: 'item_h1' } });
  await call.fence(socket);
  first.send(completed('r1', { end_turn: false }));
  first.end();
  (await model.request(1)).answer('m2', ['Done.']);
  expect(await turnEnds(agentCall)).toEqual(['completed']);
  expect(await allFrames(agentCall, socket)).toEqual([append('h1', 'I dig.'), append('h1', 'Done.')]);
});

describe('items of the upstream', () => {
  const item = (text: string): object => ({
    type: 'conversation.item.added',
    item: { type: 'message', role: 'user', content: [{ type: 'text', text }] },
  });
  const audio = { type: 'conversation.output_audio.delta', delta: 'AQID', sample_rate: 24_000, channels: 1 };

  it('that look like the user start no turn', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start(V1);
    socket.send(item('dig'), audio);
    await call.fence(socket);
    expect(call.count('outputAudio/delta')).toBe(1);
    expect(call.daemon.notifications('turn/')).toEqual([]);
    expect(model.requests).toEqual([]);
  });

  it('that repeat what the agent said are not handed over, and audio goes on', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start(V1);
    socket.send(asksInOldWords('h1', 'dig'));
    const request = await model.request();
    request.begin('m1', ['I dig.']);
    request.send({
      type: 'response.output_item.done',
      output_index: 0,
      item: {
        type: 'message',
        role: 'assistant',
        id: 'm1',
        content: [{ type: 'output_text', text: 'I dig.' }],
      },
    });
    expect(await frames(agentCall, socket, 1)).toEqual([append('h1', 'I dig.')]);
    socket.send(item('I dig.'), audio);
    await call.fence(socket);
    expect(call.count('outputAudio/delta')).toBe(1);
    expect(await allFrames(agentCall, socket)).toHaveLength(1);
    expect(model.requests).toHaveLength(1);
  });
});

test('audio goes on while the agent works', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start(V1);
  socket.send(user('dig'), asksInOldWords('h1', 'dig'), {
    type: 'conversation.output_audio.delta',
    delta: 'AQID',
    sample_rate: 24_000,
    channels: 1,
  });
  await call.fence(socket);
  const request = await model.request();
  expect(call.count('outputAudio/delta')).toBe(1);
  expect(call.daemon.notifications('turn/completed')).toEqual([]);
  expect(userWords(request)).toEqual([plainEnvelope('dig')]);
  expect(model.requests).toHaveLength(1);
});

test('a request while a typed turn runs steers it, and is answered by what comes then', async () => {
  const agentCall = await openAgentCall({ realtime: 'mirror_typed_text = false' });
  const { call, model, typed } = agentCall;
  const socket = await call.start(V1);
  await startTurn(typed, 'plant');
  const first = await model.request();
  first.begin('m1', ['Planted.']);
  socket.send(asksInOldWords('h1', 'dig'));
  await call.fence(socket);
  first.finish('m1', ['Planted.']);
  const second = await model.request(1);
  expect(userWords(first)).toEqual(['plant']);
  expect(userWords(second)).toEqual(['plant', plainEnvelope('dig')]);
  second.answer('m2', ['Dug.']);
  expect(await turnEnds(agentCall)).toEqual(['completed']);
  expect(await allFrames(agentCall, socket)).toEqual([append('h1', 'Planted.'), append('h1', 'Dug.')]);
});

describe('every request of version 1 is answered', () => {
  it('when the turn fails', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start(V1);
    socket.send(asksInOldWords('h1', 'dig'));
    (await model.request()).refuse(400, 'the ground is frozen');
    expect(await turnEnds(agentCall)).toEqual(['failed']);
    expect(await allFrames(agentCall, socket)).toEqual([append('h1', /failed.*the ground is frozen/)]);
  });

  it('when the turn ends without a word', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start(V1);
    socket.send(asksInOldWords('h1', 'dig'));
    const request = await model.request();
    request.send(completed('r1'));
    request.end();
    expect(await turnEnds(agentCall)).toEqual(['completed']);
    expect(await allFrames(agentCall, socket)).toEqual([append('h1', /nothing to report/)]);
  });

  it('when it says nothing', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start(V1);
    socket.send(asksInOldWords('h1', ''));
    expect(await frames(agentCall, socket, 1)).toEqual([append('h1', /no request/)]);
    expect(model.requests).toEqual([]);
  });

  it('when another one comes before the agent has said anything', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start(V1);
    socket.send(asksInOldWords('h1', 'dig'));
    const first = await model.request();
    socket.send(asksInOldWords('h2', 'plant'));
    expect(await frames(agentCall, socket, 1)).toEqual([append('h1', /together with/)]);
    first.answer('m1', ['Dug.']);
    (await model.request(1)).answer('m2', ['Planted.']);
    expect(await turnEnds(agentCall)).toEqual(['completed']);
    expect((await allFrames(agentCall, socket)).slice(1)).toEqual([
      append('h2', 'Dug.'),
      append('h2', 'Planted.'),
    ]);
  });
});
