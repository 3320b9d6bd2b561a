import { describe, expect, it, test } from 'vitest';
import { startTurn } from '../server/turns.ts';
import type { UpstreamSocket } from '../support/realtime-upstream.ts';
import type { Call } from './call.ts';
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
  userWords,
} from './handoff-call.ts';

const FINISHED = /finished.*\[BACKEND\]/;

describe('a request', () => {
  it('waits while the history is compacted, and is worked on then', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    await call.daemon.request('thread/compact/start', { threadId: call.threadId });
    const compaction = await model.request();
    socket.send(asks('c1', 'dig'), { type: 'response.output_audio.delta', delta: 'AQID' });
    await call.fence(socket);
    expect(call.count('outputAudio/delta')).toBe(1);
    expect(await allFrames(agentCall, socket)).toEqual([]);
    expect(call.daemon.notifications('turn/started')).toHaveLength(1);
    compaction.answer('s1', ['nothing yet']);
    const request = await model.request(1);
    expect(userWords(request).at(-1)).toBe(plainEnvelope('dig'));
    request.answer('m1', ['Done.']);
    expect(await frames(agentCall, socket, 3)).toEqual([progress('Done.'), output('c1', FINISHED), CREATE]);
    expect(await turnEnds(agentCall, 2)).toEqual(['completed', 'completed']);
  });

  it('waits for a compaction that fails as well', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    await call.daemon.request('thread/compact/start', { threadId: call.threadId });
    const compaction = await model.request();
    socket.send(asks('c1', 'dig'), asks('c2', 'plant'));
    await call.fence(socket);
    compaction.refuse(400, 'no');
    const request = await model.request(1);
    expect(userWords(request)).toEqual([plainEnvelope('dig')]);
    expect(await frames(agentCall, socket, 2)).toEqual([output('c2', /passed on/), CREATE]);
    request.answer('m1', ['Dug.']);
    (await model.request(2)).answer('m2', ['Planted.']);
    expect((await frames(agentCall, socket, 5)).slice(2)).toEqual([
      progress('Dug.'),
      progress('Planted.'),
      output('c1', FINISHED),
    ]);
    expect(await turnEnds(agentCall, 2)).toEqual(['failed', 'completed']);
  });

  it('while a typed turn runs is worked on in that turn, whose result answers it', async () => {
    const agentCall = await openAgentCall({ realtime: 'mirror_typed_text = false' });
    const { call, model, typed } = agentCall;
    const socket = await call.start();
    await startTurn(typed, 'plant');
    const first = await model.request();
    first.begin('m1', ['Planted.']);
    socket.send(asks('c1', 'dig'));
    await call.fence(socket);
    // It is the first call that waits, so nothing is said of work that was under way.
    expect(await allFrames(agentCall, socket)).toEqual([]);
    first.finish('m1', ['Planted.']);
    const second = await model.request(1);
    expect(userWords(second)).toEqual(['plant', plainEnvelope('dig')]);
    second.answer('m2', ['Dug.']);
    expect(await frames(agentCall, socket, 4)).toEqual([
      progress('Planted.'),
      progress('Dug.'),
      output('c1', FINISHED),
      CREATE,
    ]);
    expect(await turnEnds(agentCall)).toEqual(['completed']);
  });
});

test('what a typed turn says is not told to the voice model', async () => {
  const agentCall = await openAgentCall({ realtime: 'mirror_typed_text = false' });
  const { call, model, typed } = agentCall;
  const socket = await call.start();
  await startTurn(typed, 'plant');
  (await model.request()).answer('m1', ['Planted.']);
  expect(await turnEnds(agentCall)).toEqual(['completed']);
  expect(await allFrames(agentCall, socket)).toEqual([]);
});

test('a request that comes as a turn ends reaches the model, and is answered, whichever is first', async () => {
  const agentCall = await openAgentCall({ realtime: 'mirror_typed_text = false' });
  const { call, model, typed } = agentCall;
  const socket = await call.start();
  for (let round = 0; round < 15; round += 1) {
    const requests = model.requests.length;
    await startTurn(typed, `dig ${round}`);
    const first = await model.request(requests);
    first.begin(`m${round}`, ['Dug.']);
    first.finish(`m${round}`, ['Dug.']);
    socket.send(asks(`c${round}`, `plant ${round}`));
    const second = await model.request(requests + 1);
    expect(userWords(second).filter((words) => words === plainEnvelope(`plant ${round}`))).toHaveLength(1);
    second.answer(`n${round}`, ['Planted.']);
    await call.upstream.until(`the answer to c${round}`, () => answersTo(socket, `c${round}`)[0]);
    // The upstream makes the response that was asked for, so that the next one can be.
    await call.upstream.until('a wish for a response', () =>
      socket.received.filter(({ type }) => type === 'response.create').length > round ? true : undefined,
    );
    socket.send(
      { type: 'response.created', response: { id: `r${round}` } },
      { type: 'response.done', response: { id: `r${round}` } },
    );
    await call.fence(socket);
  }
  for (let round = 0; round < 15; round += 1) {
    expect(answersTo(socket, `c${round}`)).toEqual([output(`c${round}`, FINISHED)]);
  }
});

function answersTo({ received }: UpstreamSocket, callId: string): object[] {
  return received.filter((frame) => JSON.stringify(frame).includes(`"call_id":"${callId}"`));
}

describe('a turn whose call is gone goes on, and a new call hears nothing of it', () => {
  const ENDS: readonly (readonly [
    name: string,
    end: (call: Call, socket: UpstreamSocket) => Promise<void>,
  ])[] = [
    ['the client stopped it', (call) => call.stop()],
    ['another took its place', () => Promise.resolve()],
    [
      'the upstream closed it',
      (call, { socket }) => {
        socket.close();
        return call.until('closed');
      },
    ],
    [
      'the connection broke',
      (call, { socket }) => {
        socket.terminate();
        return call.until('closed');
      },
    ],
    [
      'of an error',
      (call, socket) => {
        socket.send({ type: 'error', message: 'upstream boom' });
        return call.until('closed');
      },
    ],
  ];

  it.each(ENDS)('because %s', async (_name, end) => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const first = await call.start();
    first.send(asks('c1', 'dig'));
    const request = await model.request();
    await end(call, first);
    const second = await call.start();
    request.answer('m1', ['Dug.']);
    expect(await turnEnds(agentCall)).toEqual(['completed']);
    expect(await allFrames(agentCall, second)).toEqual([]);
    // A call on the new one is one of its own, even if it has the same name.
    second.send(asks('c1', 'plant'));
    (await model.request(1)).answer('m2', ['Planted.']);
    expect(await frames(agentCall, second, 3)).toEqual([
      progress('Planted.'),
      output('c1', FINISHED),
      CREATE,
    ]);
    expect(first.received).toHaveLength(1);
  });

  it('even where it had to wait for its turn', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    await call.daemon.request('thread/compact/start', { threadId: call.threadId });
    const compaction = await model.request();
    const first = await call.start();
    first.send(asks('c1', 'dig'));
    await call.fence(first);
    const second = await call.start();
    compaction.answer('s1', ['nothing yet']);
    const request = await model.request(1);
    expect(userWords(request).at(-1)).toBe(plainEnvelope('dig'));
    request.answer('m1', ['Dug.']);
    expect(await turnEnds(agentCall, 2)).toEqual(['completed', 'completed']);
    expect(await allFrames(agentCall, second)).toEqual([]);
    expect(first.received).toHaveLength(1);
  });
});
