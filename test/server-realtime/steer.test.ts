import { expect, test } from 'vitest';
import { startTurn, text } from '../server/turns.ts';
import { completed } from '../support/responses-upstream.ts';
import {
  allFrames,
  asks,
  CREATE,
  frames,
  openAgentCall,
  output,
  plainEnvelope,
  progress,
  turnEnds,
  turnId,
  userWords,
} from './handoff-call.ts';

const FINISHED = /finished.*\[BACKEND\]/;

test('a second call steers the work of the first: it is answered at once, and both are worked on in one turn', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start();
  socket.send(asks('c1', 'dig'));
  const first = await model.request();
  socket.send(asks('c2', 'deeper'));
  expect(await frames(agentCall, socket, 2)).toEqual([output('c2', /passed on/), CREATE]);
  socket.send(
    { type: 'response.created', response: { id: 'r1' } },
    { type: 'response.done', response: { id: 'r1' } },
  );
  await call.fence(socket);
  first.answer('m1', ['Dug.']);
  const second = await model.request(1);
  expect(userWords(first)).toEqual([plainEnvelope('dig')]);
  expect(userWords(second)).toEqual([plainEnvelope('dig'), plainEnvelope('deeper')]);
  second.answer('m2', ['Deeper.']);
  expect((await frames(agentCall, socket, 6)).slice(2)).toEqual([
    progress('Dug.'),
    progress('Deeper.'),
    output('c1', FINISHED),
    CREATE,
  ]);
  expect(await turnEnds(agentCall)).toEqual(['completed']);
  expect(model.requests).toHaveLength(2);
  expect(await allFrames(agentCall, socket)).toHaveLength(6);
});

test('what steers a turn that then fails is given to the next one', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start();
  socket.send(asks('c1', 'dig'));
  const first = await model.request();
  socket.send(asks('c2', 'deeper'));
  await frames(agentCall, socket, 2);
  first.refuse(400, 'the ground is frozen');
  expect((await frames(agentCall, socket, 3)).slice(2)).toEqual([output('c1', /failed.*frozen/)]);
  await turnEnds(agentCall);
  socket.send(asks('c3', 'try again'));
  expect(userWords(await model.request(1))).toEqual([
    plainEnvelope('dig'),
    plainEnvelope('deeper'),
    plainEnvelope('try again'),
  ]);
});

test.each(['turn/start', 'turn/steer'])(
  'what the user types by %s steers the work of a call as well, and its result is told to the voice model',
  async (method) => {
    const agentCall = await openAgentCall({ realtime: 'mirror_typed_text = false' });
    const { call, model, typed } = agentCall;
    const socket = await call.start();
    socket.send(asks('c1', 'dig'));
    const first = await model.request();
    const id = await turnId(agentCall);
    if (method === 'turn/start') expect(await startTurn(typed, 'deeper')).toBe(id);
    else {
      const params = { threadId: call.threadId, expectedTurnId: id, input: [text('deeper')] };
      expect(await call.daemon.request(method, params)).toEqual({ turnId: id });
    }
    first.answer('m1', ['Dug.']);
    const second = await model.request(1);
    expect(userWords(second)).toEqual([plainEnvelope('dig'), 'deeper']);
    second.answer('m2', ['Deeper.']);
    expect(await frames(agentCall, socket, 4)).toEqual([
      progress('Dug.'),
      progress('Deeper.'),
      output('c1', FINISHED),
      CREATE,
    ]);
    expect(await turnEnds(agentCall)).toEqual(['completed']);
  },
);

test('a request that steers a typed turn is answered by that turn, though it says nothing more', async () => {
  const agentCall = await openAgentCall({ realtime: 'mirror_typed_text = false' });
  const { call, model, typed } = agentCall;
  const socket = await call.start();
  await startTurn(typed, 'dig');
  const first = await model.request();
  socket.send(asks('c1', 'deeper'));
  await call.fence(socket);
  first.send(completed('r1'));
  first.end();
  const second = await model.request(1);
  expect(userWords(second)).toEqual(['dig', plainEnvelope('deeper')]);
  second.send(completed('r2'));
  second.end();
  expect(await frames(agentCall, socket, 2)).toEqual([output('c1', /nothing to report/), CREATE]);
  expect(await turnEnds(agentCall)).toEqual(['completed']);
});
