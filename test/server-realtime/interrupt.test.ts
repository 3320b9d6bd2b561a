import { describe, expect, it, test } from 'vitest';
import { startTurn } from '../server/turns.ts';
import {
  allFrames,
  append,
  asks,
  asksInOldWords,
  CREATE,
  frames,
  openAgentCall,
  output,
  progress,
  turnEnds,
  turnId,
  userWords,
} from './handoff-call.ts';

const FINISHED = /finished.*\[BACKEND\]/;

test('a turn that the client interrupts answers its call with that', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start();
  socket.send(asks('c1', 'dig'));
  await model.request();
  const id = await turnId(agentCall);
  expect(await call.daemon.request('turn/interrupt', { threadId: call.threadId, turnId: id })).toEqual({});
  expect(await frames(agentCall, socket, 2)).toEqual([
    output('c1', /stopped before it was finished/),
    CREATE,
  ]);
  expect(await turnEnds(agentCall)).toEqual(['interrupted']);
  // What comes next is not taken for something that steers the work that was stopped.
  socket.send(
    { type: 'response.created', response: { id: 'r1' } },
    { type: 'response.done', response: { id: 'r1' } },
    asks('c2', 'plant'),
  );
  (await model.request(1)).answer('m1', ['Planted.']);
  expect((await frames(agentCall, socket, 5)).slice(2)).toEqual([
    progress('Planted.'),
    output('c2', FINISHED),
    CREATE,
  ]);
});

test('a call of version 1 hears that its turn was interrupted', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start({ version: 'v1' });
  socket.send(asksInOldWords('h1', 'dig'));
  await model.request();
  await call.daemon.request('turn/interrupt', { threadId: call.threadId, turnId: await turnId(agentCall) });
  expect(await frames(agentCall, socket, 1)).toEqual([append('h1', /stopped before it was finished/)]);
  expect(await turnEnds(agentCall)).toEqual(['interrupted']);
});

describe('a request to stop', () => {
  it('interrupts the turn of another call; both calls are answered, and one response follows', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    socket.send(asks('c1', 'dig'));
    const request = await model.request();
    socket.send(asks('c2', 'Please stop.'));
    expect(await frames(agentCall, socket, 3)).toEqual([
      output('c1', /stopped before it was finished/),
      output('c2', /was stopped/),
      CREATE,
    ]);
    expect(await turnEnds(agentCall)).toEqual(['interrupted']);
    await model.until('the end of the request', () => (request.isGone ? true : undefined));
    expect(call.daemon.notifications('turn/started')).toHaveLength(1);
    socket.send(
      { type: 'response.created', response: { id: 'r1' } },
      { type: 'response.done', response: { id: 'r1' } },
    );
    await call.fence(socket);
    expect(await allFrames(agentCall, socket)).toHaveLength(3);
  });

  it('interrupts what the user has typed', async () => {
    const agentCall = await openAgentCall({ realtime: 'mirror_typed_text = false' });
    const { call, model, typed } = agentCall;
    const socket = await call.start();
    await startTurn(typed, 'dig');
    await model.request();
    socket.send(asks('c1', 'stop'));
    expect(await frames(agentCall, socket, 2)).toEqual([output('c1', /was stopped/), CREATE]);
    expect(await turnEnds(agentCall)).toEqual(['interrupted']);
  });

  it('of version 1 does the same', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start({ version: 'v1' });
    socket.send(asksInOldWords('h1', 'dig'));
    await model.request();
    socket.send(asksInOldWords('h2', 'stop'));
    expect(await frames(agentCall, socket, 2)).toEqual([
      append('h1', /stopped before it was finished/),
      append('h2', /was stopped/),
    ]);
    expect(await turnEnds(agentCall)).toEqual(['interrupted']);
  });

  it('where nothing is under way says so', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    socket.send(asks('c1', 'Stop!'));
    expect(await frames(agentCall, socket, 2)).toEqual([output('c1', /No work was under way/), CREATE]);
    await call.fence(socket);
    expect(call.daemon.notifications('turn/')).toEqual([]);
    expect(model.requests).toEqual([]);
  });

  it('interrupts a compaction', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    await call.daemon.request('thread/compact/start', { threadId: call.threadId });
    await model.request();
    socket.send(asks('c1', 'stop'));
    expect(await frames(agentCall, socket, 2)).toEqual([output('c1', /was stopped/), CREATE]);
    expect(await turnEnds(agentCall)).toEqual(['interrupted']);
  });

  it('with something else to do goes to the agent', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    socket.send(asks('c1', 'stop the server'));
    const request = await model.request();
    expect(userWords(request)[0]).toContain('<input>stop the server</input>');
    request.answer('m1', ['Stopped.']);
    expect(await frames(agentCall, socket, 3)).toEqual([
      progress('Stopped.'),
      output('c1', FINISHED),
      CREATE,
    ]);
    expect(await turnEnds(agentCall)).toEqual(['completed']);
  });
});

test('a request that comes as the turn is interrupted is answered, whichever is first', async () => {
  const agentCall = await openAgentCall({ realtime: 'mirror_typed_text = false' });
  const { call, model, typed } = agentCall;
  const socket = await call.start();
  let sent = 0;
  for (let round = 0; round < 15; round += 1) {
    const requests = model.requests.length;
    const id = await startTurn(typed, `dig ${round}`);
    await model.request(requests);
    const interrupting = call.daemon.call('turn/interrupt', { threadId: call.threadId, turnId: id });
    socket.send(asks(`c${round}`, `plant ${round}`));
    await interrupting;
    let isAnswered = false;
    // Either the turn took it before it was stopped, or a turn of its own does.
    const answering = model.request(requests + 1).then(
      (request) => {
        if (!isAnswered) request.answer(`m${round}`, ['Planted.']);
      },
      () => {},
    );
    const answers = await call.upstream.until(`the answer to c${round}`, () => {
      const found = socket.received.filter((frame) =>
        JSON.stringify(frame).includes(`"call_id":"c${round}"`),
      );
      return found.length > 0 ? found : undefined;
    });
    expect(answers).toEqual([output(`c${round}`, /finished|stopped before/)]);
    isAnswered = true;
    if (model.requests.length > requests + 1) await answering;
    sent += answers.length;
    socket.send(
      { type: 'response.created', response: { id: `r${round}` } },
      { type: 'response.done', response: { id: `r${round}` } },
    );
    await call.fence(socket);
  }
  expect(sent).toBe(15);
});
