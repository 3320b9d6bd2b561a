import { describe, expect, it, test } from 'vitest';
import type { ThreadObject } from '../server/stored.ts';
import { endOf, startTurn, wholeTurn } from '../server/turns.ts';
import type { OpenThread } from '../server/turns.ts';
import { TestDaemon } from '../support/daemon.ts';
import { completed, itemDone } from '../support/responses-upstream.ts';
import type { UpstreamRequest } from '../support/responses-upstream.ts';
import { asks, openAgentCall, turnEnds } from './handoff-call.ts';
import type { AgentCall } from './handoff-call.ts';

const QUIET = { realtime: 'mirror_typed_text = false' };
/** A history that takes more than this is compacted. */
const LIMITED = { ...QUIET, top: 'model_auto_compact_token_limit = 5000' };

const START = expect.stringMatching(
  /^<realtime_conversation>\n.*voice assistant.*\n<\/realtime_conversation>$/s,
);
const END = expect.stringMatching(
  /^<realtime_conversation>\n.*over.*\n\nReason: inactive\n<\/realtime_conversation>$/s,
);

/** What a request tells the model of calls, in its order. */
function markersOf({ input }: UpstreamRequest): string[] {
  return input
    .filter(({ role }) => role === 'developer')
    .flatMap(({ content }) => content ?? [])
    .map(({ text }) => text ?? '')
    .filter((words) => words.startsWith('<realtime_conversation>'));
}

/** Holds a whole typed turn, and gives what its request told of calls. */
async function markersOfTurn({ typed }: Pick<AgentCall, 'typed'>): Promise<string[]> {
  const { index } = await wholeTurn(typed, 'dig');
  return markersOf(await typed.upstream.request(index));
}

async function stop({ call }: AgentCall): Promise<void> {
  const before = call.count('closed');
  await call.stop();
  await call.until('closed', before + 1);
}

/** Another daemon on the home of the one before, which has ended; it goes on with the thread. */
async function reopen({ typed }: AgentCall): Promise<OpenThread> {
  await typed.daemon.stop();
  const daemon = await TestDaemon.open({ home: typed.daemon.home });
  const { thread } = await daemon.request<{ thread: ThreadObject }>('thread/resume', {
    threadId: typed.threadId,
  });
  return { ...typed, daemon, threadId: thread.id };
}

/** Compacts the history in a turn of its own. */
async function compact({ daemon, threadId, upstream }: OpenThread): Promise<UpstreamRequest> {
  const index = upstream.requests.length;
  const ends = daemon.notifications('turn/completed').length;
  await daemon.request('thread/compact/start', { threadId });
  const request = await upstream.request(index);
  request.answer('s1', ['the summary']);
  await daemon.until('the end of the compaction', () =>
    daemon.notifications('turn/completed').length > ends ? true : undefined,
  );
  return request;
}

/** A usage that makes the history count as too long. */
const TOO_MUCH = {
  input_tokens: 9_000,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 1_000,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 10_000,
};

/** A turn after which the history is too long. */
async function longTurn({ typed }: AgentCall): Promise<void> {
  const index = typed.upstream.requests.length;
  const id = await startTurn(typed, 'dig');
  (await typed.upstream.request(index)).answer(`m${index}`, ['Dug.'], TOO_MUCH);
  await endOf(typed.daemon, id);
}

describe('the text model is told', () => {
  it('of a call in the next turn, once, and of its end in the one after', async () => {
    const agentCall = await openAgentCall(QUIET);
    expect(await markersOfTurn(agentCall)).toEqual([]);
    await agentCall.call.start();
    expect(await markersOfTurn(agentCall)).toEqual([START]);
    expect(await markersOfTurn(agentCall)).toEqual([START]);
    await stop(agentCall);
    expect(await markersOfTurn(agentCall)).toEqual([START, END]);
    expect(await markersOfTurn(agentCall)).toEqual([START, END]);
  });

  it('in its very first turn, and in one that the voice model asks for', async () => {
    const agentCall = await openAgentCall();
    const socket = await agentCall.call.start();
    socket.send(asks('c1', 'dig'));
    const request = await agentCall.model.request();
    expect(markersOf(request)).toEqual([START]);
    request.answer('m1', ['Dug.']);
    expect(await turnEnds(agentCall)).toEqual(['completed']);
    await stop(agentCall);
    expect(await markersOfTurn(agentCall)).toEqual([START, END]);
  });

  it('nothing of a call that began and ended between two turns', async () => {
    const agentCall = await openAgentCall(QUIET);
    await markersOfTurn(agentCall);
    await agentCall.call.start();
    await stop(agentCall);
    expect(await markersOfTurn(agentCall)).toEqual([]);
  });

  it('of a call that began in the middle of a turn only in the next', async () => {
    const agentCall = await openAgentCall(QUIET);
    const { call, model, typed } = agentCall;
    const id = await startTurn(typed, 'dig');
    const first = await model.request();
    await call.start();
    first.send(completed('r0', { end_turn: false }));
    first.end();
    const second = await model.request(1);
    expect([first, second].map(markersOf)).toEqual([[], []]);
    second.answer('m1', ['Dug.']);
    await endOf(call.daemon, id);
    expect(await markersOfTurn(agentCall)).toEqual([START]);
  });

  it('of the end, whoever ended the call', async () => {
    const agentCall = await openAgentCall(QUIET);
    const socket = await agentCall.call.start();
    expect(await markersOfTurn(agentCall)).toEqual([START]);
    socket.socket.close();
    await agentCall.call.until('closed');
    expect(await markersOfTurn(agentCall)).toEqual([START, END]);
  });

  it('of a call that took the place of another, or came after it', async () => {
    const agentCall = await openAgentCall(QUIET);
    await agentCall.call.start();
    expect(await markersOfTurn(agentCall)).toEqual([START]);
    await agentCall.call.start();
    expect(await markersOfTurn(agentCall)).toEqual([START, START]);
    await stop(agentCall);
    await agentCall.call.start();
    expect(await markersOfTurn(agentCall)).toEqual([START, START, START]);
    expect(await markersOfTurn(agentCall)).toEqual([START, START, START]);
  });

  it('in the words of the configuration, where it has some', async () => {
    const agentCall = await openAgentCall({
      ...QUIET,
      top: 'experimental_realtime_start_instructions = "Sing & <dance>."',
    });
    await agentCall.call.start();
    const own = '<realtime_conversation>\nSing & <dance>.\n</realtime_conversation>';
    expect(await markersOfTurn(agentCall)).toEqual([own]);
    await stop(agentCall);
    expect(await markersOfTurn(agentCall)).toEqual([own, END]);
  });
});

describe('when the history was compacted, the text model is told', () => {
  it('again that a call is on, by hand or by itself', async () => {
    const agentCall = await openAgentCall(LIMITED);
    await agentCall.call.start();
    expect(await markersOfTurn(agentCall)).toEqual([START]);
    expect(markersOf(await compact(agentCall.typed))).toEqual([START]);
    expect(await markersOfTurn(agentCall)).toEqual([START]);
    await longTurn(agentCall);
    const { model } = agentCall;
    const index = model.requests.length;
    const id = await startTurn(agentCall.typed, 'plant');
    (await model.request(index)).answer('s2', ['the summary']);
    const after = await model.request(index + 1);
    expect(markersOf(after)).toEqual([START]);
    after.answer('m9', ['Planted.']);
    await endOf(agentCall.call.daemon, id);
  });

  it('of the end, where the call ended before a turn that compacts first', async () => {
    const agentCall = await openAgentCall(LIMITED);
    const { model } = agentCall;
    await agentCall.call.start();
    await longTurn(agentCall);
    await stop(agentCall);
    const id = await startTurn(agentCall.typed, 'plant');
    (await model.request(1)).answer('s1', ['the summary']);
    const after = await model.request(2);
    expect(markersOf(after)).toEqual([END]);
    after.answer('m1', ['Planted.']);
    await endOf(agentCall.call.daemon, id);
    expect(await markersOfTurn(agentCall)).toEqual([END]);
  });

  it('nothing in the middle of a turn that has told of the end already', async () => {
    const agentCall = await openAgentCall(LIMITED);
    const { model, typed } = agentCall;
    await agentCall.call.start();
    await wholeTurn(typed, 'dig');
    await stop(agentCall);
    const id = await startTurn(typed, 'plant');
    const first = await model.request(1);
    expect(markersOf(first)).toEqual([START, END]);
    first.send(itemDone({ type: 'function_call', id: 'f1', name: 'dig', arguments: '{}', call_id: 'k1' }), {
      type: 'response.completed',
      response: { id: 'r1', usage: TOO_MUCH },
    });
    first.end();
    (await model.request(2)).answer('s1', ['the summary']);
    const after = await model.request(3);
    expect(markersOf(after)).toEqual([]);
    after.answer('m1', ['Planted.']);
    expect((await endOf(typed.daemon, id))['status']).toBe('completed');
  });

  it('in the middle of a turn that a call is on, and after a restart that it is over', async () => {
    const agentCall = await openAgentCall(LIMITED);
    const { model, typed } = agentCall;
    await agentCall.call.start();
    const id = await startTurn(typed, 'plant');
    const first = await model.request();
    first.send(itemDone({ type: 'function_call', id: 'f1', name: 'dig', arguments: '{}', call_id: 'k1' }), {
      type: 'response.completed',
      response: { id: 'r1', usage: TOO_MUCH },
    });
    first.end();
    (await model.request(1)).answer('s1', ['the summary']);
    const after = await model.request(2);
    expect(markersOf(after)).toEqual([START]);
    after.answer('m1', ['Planted.']);
    await endOf(typed.daemon, id);
    expect(await markersOfTurn({ typed: await reopen(agentCall) })).toEqual([START, END]);
  });
});

describe('after a restart the text model is told', () => {
  it('that the call is over, once', async () => {
    const agentCall = await openAgentCall(QUIET);
    await agentCall.call.start();
    await markersOfTurn(agentCall);
    const typed = await reopen(agentCall);
    expect(await markersOfTurn({ typed })).toEqual([START, END]);
    expect(await markersOfTurn({ typed })).toEqual([START, END]);
  });

  it('that the call is over, even where the history was compacted before', async () => {
    const agentCall = await openAgentCall(QUIET);
    await agentCall.call.start();
    await markersOfTurn(agentCall);
    await compact(agentCall.typed);
    expect(await markersOfTurn({ typed: await reopen(agentCall) })).toEqual([END]);
  });

  it('nothing, where the end was told before', async () => {
    const agentCall = await openAgentCall(QUIET);
    await agentCall.call.start();
    await markersOfTurn(agentCall);
    await stop(agentCall);
    await markersOfTurn(agentCall);
    expect(await markersOfTurn({ typed: await reopen(agentCall) })).toEqual([START, END]);
  });

  it('of a call that is on', async () => {
    const agentCall = await openAgentCall(QUIET);
    await agentCall.call.start();
    await markersOfTurn(agentCall);
    const typed = await reopen(agentCall);
    await typed.daemon.request('thread/realtime/start', {
      threadId: typed.threadId,
      outputModality: 'audio',
    });
    await typed.daemon.waitForNotification('thread/realtime/started');
    expect(await markersOfTurn({ typed })).toEqual([START, START]);
  });
});

test('a call on one thread is not told on another', async () => {
  const agentCall = await openAgentCall(QUIET);
  await agentCall.call.start();
  const threadId = await agentCall.typed.daemon.startThread();
  expect(await markersOfTurn({ typed: { ...agentCall.typed, threadId } })).toEqual([]);
});
