import { describe, expect, it, test } from 'vitest';
import { completed, itemDone } from '../support/responses-upstream.ts';
import {
  allFrames,
  asks,
  CREATE,
  envelope,
  frames,
  handsOver,
  openAgentCall,
  output,
  plainEnvelope,
  progress,
  turnEnds,
  turnId,
  userWords,
} from './handoff-call.ts';

const FINISHED = /finished.*\[BACKEND\]/;

test('a request is handed to the agent with what was said, and its result comes back', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start();
  const item = (role: string, words: string): object => ({
    type:
      role === 'user' ? 'conversation.item.input_audio_transcription.completed' : 'response.output_text.done',
    [role === 'user' ? 'transcript' : 'text']: words,
  });
  socket.send(
    item('user', 'Hello <you>.'),
    item('assistant', 'Hello & welcome.'),
    { type: 'input_audio_buffer.speech_started', item_id: 'u2' },
    item('user', 'How big is it?'),
    {
      type: 'conversation.item.created',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hidden control' }] },
    },
    { type: 'response.created', response: { id: 'r1' } },
    { type: 'response.output_audio_transcript.delta', delta: 'I look.' },
    asks('c1', 'count the files'),
    { type: 'response.done', response: { id: 'r1' } },
  );
  const request = await model.request();
  const id = await turnId(agentCall);
  expect(userWords(request)).toEqual([
    envelope(
      'count the files',
      'user: Hello &lt;you&gt;.',
      'assistant: Hello &amp; welcome.',
      'user: How big is it?',
      'assistant: I look.',
      'user: count the files',
    ),
  ]);
  expect(JSON.stringify(request.input)).not.toContain('hidden control');
  expect(await allFrames(agentCall, socket)).toEqual([]);
  request.answer('m1', ['Three ', 'files.']);
  expect(await frames(agentCall, socket, 3)).toEqual([
    progress('Three files.'),
    output('c1', FINISHED),
    CREATE,
  ]);
  expect(await turnEnds(agentCall)).toEqual(['completed']);
  expect(await allFrames(agentCall, socket)).toHaveLength(3);
  expect(model.requests).toHaveLength(1);
  const told = call.daemon.notifications('item/completed').map(({ params }) => {
    const { content, text, type } = params?.['item'] as { content?: unknown; text?: string; type: string };
    return [params?.['turnId'], type, content ?? text];
  });
  const envelopeInput = { type: 'text', text: userWords(request)[0], text_elements: [] };
  expect(told).toEqual([
    [id, 'userMessage', [envelopeInput]],
    [id, 'agentMessage', 'Three files.'],
  ]);
});

test('everything the agent says between its tools comes back, and one answer', async () => {
  const agentCall = await openAgentCall();
  const { call, model } = agentCall;
  const socket = await call.start();
  socket.send(asks('c1', 'dig'));
  const first = await model.request();
  first.begin('m1', ['I ', 'dig.']);
  const content = [{ type: 'output_text', text: 'I dig.' }];
  first.send(
    itemDone({ type: 'message', role: 'assistant', id: 'm1', content }),
    itemDone({ type: 'function_call', id: 'f1', name: 'dig', arguments: '{}', call_id: 'k1' }),
    completed('r1'),
  );
  first.end();
  expect(await frames(agentCall, socket, 1)).toEqual([progress('I dig.')]);
  (await model.request(1)).answer('m2', ['Done.']);
  expect(await frames(agentCall, socket, 4)).toEqual([
    progress('I dig.'),
    progress('Done.'),
    output('c1', FINISHED),
    CREATE,
  ]);
  expect(await turnEnds(agentCall)).toEqual(['completed']);
});

describe('while the agent works', () => {
  it('audio and everything else goes on', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    socket.send(asks('c1', 'dig'));
    const request = await model.request();
    socket.send(
      { type: 'response.output_audio.delta', delta: 'AQID' },
      { type: 'conversation.item.input_audio_transcription.delta', delta: 'and' },
    );
    await call.fence(socket);
    expect(call.count('outputAudio/delta')).toBe(1);
    await call.appendAudio('BQYH');
    expect(await frames(agentCall, socket, 1)).toEqual([
      { type: 'input_audio_buffer.append', audio: 'BQYH' },
    ]);
    expect(call.daemon.notifications('turn/completed')).toEqual([]);
    request.answer('m1', ['Done.']);
    expect((await frames(agentCall, socket, 4)).slice(1)).toEqual([
      progress('Done.'),
      output('c1', FINISHED),
      CREATE,
    ]);
    expect(model.requests).toHaveLength(1);
  });

  it('a second call is another request, with what was said since the first', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    socket.send(asks('c1', 'first'));
    (await model.request()).answer('m1', ['One.']);
    await frames(agentCall, socket, 3);
    await turnEnds(agentCall);
    socket.send(
      { type: 'response.created', response: { id: 'r1' } },
      { type: 'response.output_audio_transcript.done', transcript: 'One, it says.' },
      { type: 'response.done', response: { id: 'r1' } },
      asks('c2', 'second'),
    );
    const second = await model.request(1);
    expect(userWords(second)).toEqual([
      plainEnvelope('first'),
      envelope('second', 'assistant: One, it says.', 'user: second'),
    ]);
    second.answer('m2', ['Two.']);
    expect((await frames(agentCall, socket, 6)).slice(3)).toEqual([
      progress('Two.'),
      output('c2', FINISHED),
      CREATE,
    ]);
    expect(await turnEnds(agentCall, 2)).toEqual(['completed', 'completed']);
  });
});

describe('every call is answered', () => {
  it('when the turn fails, with the reason', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    socket.send(asks('c1', 'dig'));
    (await model.request()).refuse(400, 'the ground is frozen');
    expect(await frames(agentCall, socket, 2)).toEqual([
      output('c1', /failed.*the ground is frozen/),
      CREATE,
    ]);
    expect(await turnEnds(agentCall)).toEqual(['failed']);
    // The next call is a turn of its own, and its result is its own.
    socket.send(
      { type: 'response.created', response: { id: 'r1' } },
      { type: 'response.done', response: { id: 'r1' } },
      asks('c2', 'dig again'),
    );
    (await model.request(1)).answer('m1', ['Done.']);
    expect((await frames(agentCall, socket, 5)).slice(2)).toEqual([
      progress('Done.'),
      output('c2', FINISHED),
      CREATE,
    ]);
  });

  it('when the turn fails behind a message', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    socket.send(asks('c1', 'dig'));
    const request = await model.request();
    request.begin('m1', ['I dig.']);
    request.send(
      itemDone({
        type: 'message',
        role: 'assistant',
        id: 'm1',
        content: [{ type: 'output_text', text: 'I dig.' }],
      }),
      { type: 'response.failed', response: { error: { code: 'insufficient_quota', message: 'no more' } } },
    );
    request.end();
    expect(await frames(agentCall, socket, 3)).toEqual([progress('I dig.'), output('c1', /failed/), CREATE]);
    expect(await turnEnds(agentCall)).toEqual(['failed']);
  });

  it('when the turn ends without a word', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    socket.send(asks('c1', 'dig'));
    const request = await model.request();
    request.send({ type: 'response.created', response: { id: 'r1' } }, completed('r1'));
    request.end();
    expect(await frames(agentCall, socket, 2)).toEqual([output('c1', /nothing to report/), CREATE]);
    expect(await turnEnds(agentCall)).toEqual(['completed']);
  });

  it('when it says nothing', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    socket.send(handsOver('c1', {}));
    expect(await frames(agentCall, socket, 2)).toEqual([output('c1', /no request/), CREATE]);
    await call.fence(socket);
    expect(call.daemon.notifications('turn/')).toEqual([]);
    expect(model.requests).toEqual([]);
  });

  it('when it says nothing, but the user did', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    socket.send(
      { type: 'conversation.item.input_audio_transcription.completed', transcript: 'Dig.' },
      handsOver('c1', {}),
    );
    const request = await model.request();
    expect(userWords(request)).toEqual([envelope('user: Dig.', 'user: Dig.')]);
    request.answer('m1', ['Done.']);
    expect(await frames(agentCall, socket, 3)).toEqual([progress('Done.'), output('c1', FINISHED), CREATE]);
  });

  it('when forty come at once', async () => {
    const agentCall = await openAgentCall();
    const { call, model } = agentCall;
    const socket = await call.start();
    const ids = Array.from({ length: 40 }, (_, index) => `c${index}`);
    socket.send(...ids.map((id) => asks(id, `dig ${id}`)));
    const first = await model.request();
    await call.fence(socket);
    // All but the first are answered at once: passed on, or refused where too many wait. One response was asked for.
    await frames(agentCall, socket, 40);
    first.answer('m1', ['Begun.']);
    const second = await model.request(1);
    second.answer('m2', ['Done.']);
    expect(await turnEnds(agentCall)).toEqual(['completed']);
    const sent = await allFrames(agentCall, socket);
    const outputs = sent.flatMap(({ item }) => (item as { call_id?: string } | undefined)?.call_id ?? []);
    expect([...outputs].sort()).toEqual([...ids].sort());
    expect(outputs.at(-1)).toBe('c0');
    expect(sent.filter(({ type }) => type === 'response.create')).toEqual([CREATE]);
    const refused = sent.filter((frame) => JSON.stringify(frame).includes('too many requests')).length;
    expect(userWords(first)).toEqual([plainEnvelope('dig c0')]);
    expect(userWords(second)).toHaveLength(40 - refused);
    expect(refused).toBeLessThanOrEqual(8);
  });
});
