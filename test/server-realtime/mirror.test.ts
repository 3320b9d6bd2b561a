import { describe, expect, it, test } from 'vitest';
import { endOf, startTurn, text } from '../server/turns.ts';
import { textFrame } from './call.ts';
import {
  allFrames,
  asks,
  CREATE,
  frames,
  openAgentCall,
  output,
  progress,
  turnEnds,
  userWords,
} from './handoff-call.ts';
import type { AgentCall } from './handoff-call.ts';
import type { UpstreamSocket } from '../support/realtime-upstream.ts';

/** Types while a call is on, and gives what the voice model is shown and what the text model is given. */
async function typed(
  agentCall: AgentCall,
  socket: UpstreamSocket,
  words: string,
): Promise<{ shown: unknown[]; given: string | undefined }> {
  const { model } = agentCall;
  const index = model.requests.length;
  const id = await startTurn(agentCall.typed, words);
  const request = await model.request(index);
  request.answer(`m${index}`, ['Done.']);
  await endOf(agentCall.typed.daemon, id);
  return { shown: await allFrames(agentCall, socket), given: userWords(request).at(-1) };
}

/** The words of a mirrored text. */
function wordsOf(frame: unknown): string {
  const { item } = frame as { item: { content: { text: string }[] } };
  return item.content[0]?.text ?? '';
}

describe('typed text', () => {
  it('is shown to the voice model with its mark, and asks for no response', async () => {
    const agentCall = await openAgentCall();
    const socket = await agentCall.call.start();
    expect(await typed(agentCall, socket, 'dig here')).toEqual({
      shown: [textFrame('[USER] dig here')],
      given: 'dig here',
    });
  });

  it('is shown to a voice model of version 1 as it is', async () => {
    const agentCall = await openAgentCall();
    const { call } = agentCall;
    const socket = await call.start({ version: 'v1' });
    const id = await startTurn(agentCall.typed, 'dig here');
    (await agentCall.model.request()).answer('m1', ['Done.']);
    await endOf(call.daemon, id);
    await call.sendingFence(socket);
    expect(wordsOf(socket.received[1])).toBe('dig here');
    expect(socket.received).toHaveLength(3);
  });

  it('that is long is shown with its beginning and its end, in three hundred tokens; the agent is given all', async () => {
    const agentCall = await openAgentCall();
    const socket = await agentCall.call.start();
    const words = `the beginning ${'middle '.repeat(1_547)}the end`;
    expect(Math.ceil(Buffer.byteLength(`[USER] ${words}`) / 4)).toBe(2_715);
    const { given, shown } = await typed(agentCall, socket, words);
    expect(given).toBe(words);
    expect(shown).toHaveLength(1);
    const cut = wordsOf(shown[0]);
    expect(cut).toMatch(/^\[USER\] the beginning middle .*…\d+ tokens truncated….* middle the end$/s);
    expect(Math.ceil(Buffer.byteLength(cut) / 4)).toBe(300);
  });

  it('that just fits is shown whole', async () => {
    const agentCall = await openAgentCall();
    const socket = await agentCall.call.start();
    const words = 'x'.repeat(1_200 - '[USER] '.length);
    expect((await typed(agentCall, socket, words)).shown).toEqual([textFrame(`[USER] ${words}`)]);
  });

  it('that has the mark already is not marked again', async () => {
    const agentCall = await openAgentCall();
    const socket = await agentCall.call.start();
    expect((await typed(agentCall, socket, '[USER] dig')).shown).toEqual([textFrame('[USER] dig')]);
  });

  it('in several parts is shown as one, and what is no text is left out', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    const image = { type: 'image', url: 'data:image/png;base64,AAAA' };
    await call.daemon.request('turn/start', {
      threadId: call.threadId,
      input: [text('dig '), image, text('here')],
    });
    (await model.request()).answer('m1', ['Done.']);
    await turnEnds(agentCall);
    await call.daemon.request('turn/start', { threadId: call.threadId, input: [image] });
    (await model.request(1)).answer('m2', ['Done.']);
    await turnEnds(agentCall, 2);
    expect(await allFrames(agentCall, socket)).toEqual([textFrame('[USER] dig here')]);
  });

  it('into a turn that runs is shown as well, and is told to the voice model by nothing else', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    await startTurn(agentCall.typed, 'dig');
    const first = await model.request();
    await startTurn(agentCall.typed, 'and plant');
    first.answer('m1', ['Dug.']);
    (await model.request(1)).answer('m2', ['Planted.']);
    expect(await turnEnds(agentCall)).toEqual(['completed']);
    expect(await allFrames(agentCall, socket)).toEqual([
      textFrame('[USER] dig'),
      textFrame('[USER] and plant'),
    ]);
  });
});

describe('not shown to the voice model is', () => {
  it('what steers a turn by `turn/steer`', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    const id = await startTurn(agentCall.typed, 'dig');
    const first = await model.request();
    await call.daemon.request('turn/steer', {
      threadId: call.threadId,
      expectedTurnId: id,
      input: [text('deeper')],
    });
    first.answer('m1', ['Dug.']);
    const second = await model.request(1);
    expect(userWords(second)).toEqual(['dig', 'deeper']);
    second.answer('m2', ['Deeper.']);
    await turnEnds(agentCall);
    expect(await allFrames(agentCall, socket)).toEqual([textFrame('[USER] dig')]);
  });

  it('what it handed over itself', async () => {
    const agentCall = await openAgentCall();
    const socket = await agentCall.call.start();
    socket.send(asks('c1', 'dig'));
    (await agentCall.model.request()).answer('m1', ['Dug.']);
    await turnEnds(agentCall);
    expect(await allFrames(agentCall, socket)).toEqual([progress('Dug.'), output('c1', /finished/), CREATE]);
  });

  it('input that is refused', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    const refusals = [
      await call.daemon.call('turn/start', { threadId: call.threadId, input: [] }),
      await call.daemon.call('turn/start', { threadId: call.threadId, input: [text('x'.repeat(1_048_577))] }),
    ];
    await call.daemon.request('thread/compact/start', { threadId: call.threadId });
    const compaction = await model.request();
    refusals.push(await call.daemon.call('turn/start', { threadId: call.threadId, input: [text('dig')] }));
    compaction.answer('s1', ['nothing yet']);
    await turnEnds(agentCall);
    expect(refusals.map(({ error }) => error?.data)).toMatchObject([
      { reason: 'invalidInput' },
      { reason: 'inputTooLarge' },
      { codexErrorInfo: { activeTurnNotSteerable: { turnKind: 'compact' } } },
    ]);
    expect(await allFrames(agentCall, socket)).toEqual([]);
  });

  it('anything, where the configuration says so', async () => {
    const agentCall = await openAgentCall({ realtime: 'mirror_typed_text = false' });
    const socket = await agentCall.call.start();
    expect(await typed(agentCall, socket, 'dig here')).toEqual({ shown: [], given: 'dig here' });
  });
});

test('typed text while no call is on is no error, and a later call does not hear of it', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const id = await startTurn(agentCall.typed, 'dig');
  (await model.request()).answer('m1', ['Dug.']);
  await endOf(call.daemon, id);
  const socket = await call.start();
  expect(await allFrames(agentCall, socket)).toEqual([]);
  expect(call.heard).toEqual([call.started()]);
});

test('appended text goes to the voice model alone, whole', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start();
  const words = 'x'.repeat(20_000);
  await call.appendText(words);
  expect(await frames(agentCall, socket, 1)).toEqual([textFrame(`[USER] ${words}`)]);
  expect(model.requests).toEqual([]);
});
