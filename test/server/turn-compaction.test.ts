import { describe, expect, it } from 'vitest';
import type { WireMessage } from '../support/daemon.ts';
import { completed, itemDone } from '../support/responses-upstream.ts';
import type { InputItem } from '../support/responses-upstream.ts';
import {
  ACTIVE,
  assistant,
  endOf,
  IDLE,
  layout,
  NO_USAGE,
  openThread,
  script,
  startTurn,
  SYSTEM_ERROR,
  text,
  textElement,
  times,
  user,
  UUID,
  wholeTurn,
  wordsOf,
} from './turns.ts';
import type { OpenThread, TurnResult } from './turns.ts';

const PROMPT = 'compact_prompt = "Sum up."';
const ITEM = { type: 'contextCompaction', id: expect.stringMatching(UUID) };
const WARNING = expect.stringContaining('less accurate');

/** Starts a compaction and gives the answer and the id of its turn. */
async function compact({
  daemon,
  threadId,
}: OpenThread): Promise<{ answer: WireMessage; turnId: string; before: number }> {
  const before = daemon.messages.length;
  const answer = await daemon.call('thread/compact/start', { threadId });
  const started = await daemon.until('turn/started', () =>
    daemon.messages.slice(before).find(({ method }) => method === 'turn/started'),
  );
  return { answer, turnId: (started.params as unknown as TurnResult).turn.id, before };
}

/** What a usage says after a compaction: the same total as before, and an estimate. */
function estimate(thread: OpenThread, turnId: string, total: object): WireMessage {
  const last = { ...NO_USAGE, totalTokens: expect.any(Number) };
  return script(thread.threadId, turnId).usage(total, last);
}

function windowOf({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): string {
  return String(headers['x-codex-window-id']).split(':').at(-1) ?? '';
}

describe('a compaction by a summary of the model', () => {
  it('is told as an item of a turn of its own, and shows nothing of the summary', async () => {
    const thread = await openThread({ top: PROMPT });
    await wholeTurn(thread, 'one');
    const { answer, before, turnId } = await compact(thread);
    (await thread.upstream.request(1)).answer('s1', ['it was ', 'about one']);
    await endOf(thread.daemon, turnId);
    const told = script(thread.threadId, turnId);
    expect(answer.result).toEqual({});
    expect(thread.daemon.messages.slice(before)).toEqual([
      answer,
      told.status(ACTIVE),
      told.started,
      told.itemStarted(ITEM),
      told.limits(),
      told.usage(times(2)),
      estimate(thread, turnId, times(2)),
      told.itemCompleted(ITEM),
      told.warning(WARNING),
      told.status(IDLE),
      told.completed('completed'),
    ]);
    const ids = thread.daemon
      .notifications('item/')
      .map(({ params }) => params?.['item'] as { id: string; type: string } | undefined)
      .filter((item) => item?.type === 'contextCompaction')
      .map((item) => item?.id);
    expect(ids[0]).toBe(ids[1]);
  });

  it('asks with the whole history and the prompt, and goes on from what the user said and the summary', async () => {
    const thread = await openThread({ top: PROMPT });
    const { upstream } = thread;
    await wholeTurn(thread, 'one');
    const { turnId } = await compact(thread);
    const request = await upstream.request(1);
    request.answer('s1', ['first summary']);
    await endOf(thread.daemon, turnId);
    const first = await upstream.request();
    expect(layout(request.input)).toEqual([
      'developer',
      'environment',
      'user: one',
      'assistant: answer 0',
      'user: Sum up.',
    ]);
    expect(request.body).toEqual({
      ...first.body,
      tools: [],
      parallel_tool_calls: false,
      input: [...first.input, assistant('answer 0'), user('Sum up.')],
    });
    expect(JSON.parse(request.headers['x-codex-turn-metadata'] as string)).toMatchObject({ turn_id: turnId });

    await wholeTurn(thread, 'two');
    const after = ['user: one', 'summary: first summary', 'developer', 'environment', 'user: two'];
    expect(layout((await upstream.request(2)).input)).toEqual(after);
    const again = await compact(thread);
    (await upstream.request(3)).answer('s2', ['second summary']);
    await endOf(thread.daemon, again.turnId);
    await wholeTurn(thread, 'three');
    expect(layout((await upstream.request(4)).input)).toEqual([
      'user: one',
      'user: two',
      'summary: second summary',
      'developer',
      'environment',
      'user: three',
    ]);
    expect(upstream.requests.map(windowOf)).toEqual(['0', '0', '1', '1', '2']);
  });

  it('of an empty thread asks with the prompt alone, and leaves the summary', async () => {
    const thread = await openThread();
    const { turnId } = await compact(thread);
    const request = await thread.upstream.request();
    expect(layout(request.input)).toEqual([expect.stringMatching(/^user: .*summary/s)]);
    request.answer('s1', ['nothing yet']);
    await endOf(thread.daemon, turnId);
    await wholeTurn(thread, 'one');
    expect(layout((await thread.upstream.request(1)).input)).toEqual([
      'summary: nothing yet',
      'developer',
      'environment',
      'user: one',
    ]);
  });

  it('has a word for a summary that is empty', async () => {
    const thread = await openThread();
    const { turnId } = await compact(thread);
    (await thread.upstream.request()).answer('s1', [' ']);
    await endOf(thread.daemon, turnId);
    await wholeTurn(thread, 'one');
    expect(layout((await thread.upstream.request(1)).input)[0]).toBe('summary: (no summary available)');
  });

  it('leaves out the oldest where the history does not fit, each output with its call', async () => {
    const thread = await openThread({ top: PROMPT });
    const { upstream } = thread;
    const turnId = await startTurn(thread, 'one');
    const call = { type: 'function_call', id: 'f1', name: 'dig', arguments: '{}', call_id: 'c1' };
    const first = await upstream.request();
    first.send(itemDone(call), completed('r1'));
    first.end();
    (await upstream.request(1)).answer('m1', ['done']);
    await endOf(thread.daemon, turnId);
    const compaction = await compact(thread);
    const layouts: string[][] = [];
    for (let index = 2; index < 7; index += 1) {
      const request = await upstream.request(index);
      layouts.push(layout(request.input));
      if (index === 6) request.answer('s1', ['in short']);
      else {
        request.send({ type: 'response.failed', response: { error: { code: 'context_length_exceeded' } } });
        request.end();
      }
    }
    expect(await endOf(thread.daemon, compaction.turnId)).toMatchObject({ status: 'completed' });
    const rest = ['assistant: done', 'user: Sum up.'];
    expect(layouts).toEqual([
      ['developer', 'environment', 'user: one', 'function_call', 'function_call_output', ...rest],
      ['environment', 'user: one', 'function_call', 'function_call_output', ...rest],
      ['user: one', 'function_call', 'function_call_output', ...rest],
      ['function_call', 'function_call_output', ...rest],
      rest,
    ]);
    await wholeTurn(thread, 'two');
    expect(layout((await upstream.request(7)).input).slice(0, 2)).toEqual(['user: one', 'summary: in short']);
  });

  it('that fails ends its turn, and the history stays', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'one');
    const { answer, before, turnId } = await compact(thread);
    (await upstream.request(1)).refuse(400, 'no');
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    const error = { message: 'no', codexErrorInfo: 'other', additionalDetails: null };
    expect(daemon.messages.slice(before)).toEqual([
      answer,
      told.status(ACTIVE),
      told.started,
      told.itemStarted(ITEM),
      told.status(SYSTEM_ERROR),
      told.error(error),
      told.completed('failed', error),
    ]);
    await wholeTurn(thread, 'two');
    const { headers, input } = await upstream.request(2);
    expect(layout(input).slice(2)).toEqual(['user: one', 'assistant: answer 0', 'user: two']);
    expect(windowOf({ headers })).toBe('0');
  });

  it('that is interrupted leaves the history', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'one');
    const { turnId } = await compact(thread);
    (await upstream.request(1)).begin('s1', ['half']);
    expect(await daemon.request('turn/interrupt', { threadId, turnId })).toEqual({});
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'interrupted', error: null });
    await wholeTurn(thread, 'two');
    expect(layout((await upstream.request(2)).input).slice(2)).toEqual([
      'user: one',
      'assistant: answer 0',
      'user: two',
    ]);
  });

  it('by WebSocket is followed by a whole request on a new connection', async () => {
    const thread = await openThread({ provider: 'supports_websockets = true', top: PROMPT });
    const { daemon, upstream } = thread;
    (await upstream.frame()).send(completed('warm'));
    const first = await startTurn(thread, 'one');
    (await upstream.frame(1)).answer('m1', ['ok']);
    await endOf(daemon, first);
    const { turnId } = await compact(thread);
    const summary = await upstream.frame(2);
    expect(layout(summary.input).at(-1)).toBe('user: Sum up.');
    summary.answer('s1', ['in short']);
    await endOf(daemon, turnId);
    const second = await startTurn(thread, 'two');
    const after = await upstream.frame(3);
    expect(after.body).not.toHaveProperty('previous_response_id');
    expect(layout(after.input).slice(0, 2)).toEqual(['user: one', 'summary: in short']);
    after.answer('m2', ['ok']);
    expect(await endOf(daemon, second)).toMatchObject({ status: 'completed' });
    expect(upstream.handshakes).toHaveLength(2);
  });
});

describe('a thread that is compacted', () => {
  it('takes no other turn meanwhile', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const { turnId } = await compact(thread);
    const request = await upstream.request();
    const message = 'cannot steer a compact turn';
    const refusal = {
      code: -32600,
      message,
      data: {
        reason: 'turnNotSteerable',
        message,
        codexErrorInfo: { activeTurnNotSteerable: { turnKind: 'compact' } },
        additionalDetails: null,
      },
    };
    const input = [text('x')];
    const steer = await daemon.call('turn/steer', { threadId, expectedTurnId: turnId, input });
    expect(steer.error).toEqual(refusal);
    const start = await daemon.call('turn/start', { threadId, input, model: 'gpt-5.4' });
    expect(start.error).toEqual(refusal);
    const again = await daemon.call('thread/compact/start', { threadId });
    expect(again.error).toMatchObject({ code: -32600, data: { reason: 'turnActive' } });
    request.answer('s1', ['ok']);
    await endOf(daemon, turnId);
    await wholeTurn(thread, 'one');
    expect((await upstream.request(1)).body['model']).toBe('gpt-5.5');
  });

  it('is not while a turn runs', async () => {
    const thread = await openThread();
    const turnId = await startTurn(thread, 'one');
    const request = await thread.upstream.request();
    const refused = await thread.daemon.call('thread/compact/start', { threadId: thread.threadId });
    expect(refused.error).toEqual({
      code: -32600,
      message: expect.stringContaining('a turn is running'),
      data: { reason: 'turnActive' },
    });
    request.answer('m1', ['ok']);
    expect(await endOf(thread.daemon, turnId)).toMatchObject({ status: 'completed' });
  });

  it('has to be there', async () => {
    const { daemon } = await openThread();
    const threadId = '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64';
    expect((await daemon.call('thread/compact/start', { threadId })).error).toMatchObject({
      code: -32600,
      message: `thread not found: ${threadId}`,
    });
    expect((await daemon.call('thread/compact/start', { threadId: 'x' })).error).toMatchObject({
      code: -32600,
      message: expect.stringMatching(/^invalid thread id: /),
    });
  });
});

describe('a history that grows too long', () => {
  const top = `${PROMPT}\nmodel_auto_compact_token_limit = 100`;

  it('is compacted before the next turn', async () => {
    const thread = await openThread({ top });
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'one');
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'two');
    const summary = await upstream.request(1);
    summary.answer('s1', ['in short']);
    const request = await upstream.request(2);
    request.answer('m1', ['ok']);
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    expect(layout(summary.input).slice(2)).toEqual(['user: one', 'assistant: answer 0', 'user: Sum up.']);
    expect(layout(request.input)).toEqual([
      'user: one',
      'summary: in short',
      'developer',
      'environment',
      'user: two',
    ]);
    expect(daemon.messages.slice(before + 1)).toEqual([
      told.status(ACTIVE),
      told.started,
      told.itemStarted(ITEM),
      told.limits(),
      told.usage(times(2)),
      estimate(thread, turnId, times(2)),
      told.itemCompleted(ITEM),
      told.warning(WARNING),
      ...told.input(textElement('two')),
      told.limits(),
      ...told.answer('m1', ['ok']),
      told.usage(times(3)),
      told.status(IDLE),
      told.completed('completed'),
    ]);
  });

  it('is compacted in the middle of a turn that goes on, with the context in its place', async () => {
    const thread = await openThread({ top });
    const { daemon, upstream } = thread;
    const turnId = await startTurn(thread, 'one');
    const first = await upstream.request();
    first.send(itemDone({ ...assistant('wait'), id: 'm1' }), completed('m1', { end_turn: false }));
    first.end();
    const summary = await upstream.request(1);
    expect(layout(summary.input).slice(2)).toEqual(['user: one', 'assistant: wait', 'user: Sum up.']);
    summary.answer('s1', ['in short']);
    const next = await upstream.request(2);
    expect(layout(next.input)).toEqual(['developer', 'environment', 'user: one', 'summary: in short']);
    next.answer('m2', ['done']);
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'completed' });
    expect(upstream.requests.map(windowOf)).toEqual(['0', '0', '1']);
  });

  it('is left alone where the turn is over', async () => {
    const thread = await openThread({ top });
    await wholeTurn(thread, 'one');
    expect(thread.upstream.requests).toHaveLength(1);
  });

  it('that cannot be compacted ends the turn before it has begun', async () => {
    const thread = await openThread({ top });
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'one');
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'two');
    (await upstream.request(1)).refuse(400, 'no');
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    const error = { message: 'no', codexErrorInfo: 'other', additionalDetails: null };
    expect(daemon.messages.slice(before + 1)).toEqual([
      told.status(ACTIVE),
      told.started,
      told.itemStarted(ITEM),
      told.status(SYSTEM_ERROR),
      told.error(error),
      told.completed('failed', error),
    ]);
    expect(upstream.requests).toHaveLength(2);
  });
});

describe('a compaction by the provider', () => {
  const name = 'OpenAI';
  const output = [
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'stale' }] },
    user('one'),
    user('<environment_context>\nstale\n</environment_context>'),
    { type: 'reasoning', summary: [] },
    { type: 'compaction', encrypted_content: 'c2VjcmV0' },
  ];
  const compaction = { type: 'compaction', encrypted_content: 'c2VjcmV0' };

  it('sends the request of the thread, and takes what comes back in its place', async () => {
    const thread = await openThread({ name });
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'one');
    const { answer, before, turnId } = await compact(thread);
    const request = await upstream.request(1);
    request.json({ output });
    await endOf(daemon, turnId);
    const first = await upstream.request();
    expect(request.url).toBe('/v1/responses/compact');
    const { instructions, model, parallel_tool_calls, reasoning, text: format, tools } = first.body;
    expect(request.body).toEqual({
      model,
      instructions,
      parallel_tool_calls,
      reasoning,
      text: format,
      tools,
      input: [...first.input, assistant('answer 0')],
    });
    expect(request.headers).toMatchObject({
      authorization: 'Bearer test-token',
      session_id: threadId,
      'x-codex-installation-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-codex-window-id': `${threadId}:0`,
    });
    expect(request.headers).not.toHaveProperty('x-codex-turn-metadata');
    const told = script(threadId, turnId);
    expect(daemon.messages.slice(before)).toEqual([
      answer,
      told.status(ACTIVE),
      told.started,
      told.itemStarted(ITEM),
      estimate(thread, turnId, times(1)),
      told.itemCompleted(ITEM),
      told.status(IDLE),
      told.completed('completed'),
    ]);

    await wholeTurn(thread, 'two');
    const { headers, input } = await upstream.request(2);
    expect(input.slice(0, 2)).toEqual([user('one'), compaction]);
    expect(layout(input).slice(2)).toEqual(['developer', 'environment', 'user: two']);
    expect(wordsOf(input[3] as InputItem)).toContain('<cwd>');
    expect(windowOf({ headers })).toBe('1');
  });

  it('of an empty thread asks nobody', async () => {
    const thread = await openThread({ name });
    const { turnId } = await compact(thread);
    expect(await endOf(thread.daemon, turnId)).toMatchObject({ status: 'completed' });
    expect(thread.upstream.requests).toEqual([]);
    await wholeTurn(thread, 'one');
    expect(layout((await thread.upstream.request()).input)).toEqual([
      'developer',
      'environment',
      'user: one',
    ]);
  });

  it('comes before a turn and in the middle of one, where the history is too long', async () => {
    const thread = await openThread({ name, top: 'model_auto_compact_token_limit = 100' });
    const { daemon, upstream } = thread;
    await wholeTurn(thread, 'one');
    const turnId = await startTurn(thread, 'two');
    (await upstream.request(1)).json({ output: [compaction] });
    const second = await upstream.request(2);
    expect(layout(second.input)).toEqual(['compaction', 'developer', 'environment', 'user: two']);
    second.send(itemDone({ ...assistant('wait'), id: 'm1' }), completed('m1', { end_turn: false }));
    second.end();
    (await upstream.request(3)).json({ output: [compaction] });
    const third = await upstream.request(4);
    expect(layout(third.input)).toEqual(['developer', 'environment', 'compaction']);
    third.answer('m2', ['done']);
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'completed' });
    expect(upstream.requests.map(({ url }) => url.replace('/v1/', ''))).toEqual([
      'responses',
      'responses/compact',
      'responses',
      'responses/compact',
      'responses',
    ]);
  });

  it('that fails ends the turn, and says what failed', async () => {
    const thread = await openThread({ name });
    await wholeTurn(thread, 'one');
    for (const [index, refuse] of [
      (at: number) => thread.upstream.request(at).then((request) => request.refuse(400, 'no')),
      (at: number) => thread.upstream.request(at).then((request) => request.json({ output: 'none' })),
    ].entries()) {
      const { turnId } = await compact(thread);
      await refuse(index + 1);
      expect(await endOf(thread.daemon, turnId)).toMatchObject({
        status: 'failed',
        error: {
          message: expect.stringMatching(/^Error running remote compact task: ./),
          codexErrorInfo: 'other',
        },
      });
    }
    await wholeTurn(thread, 'two');
    expect(layout((await thread.upstream.request(3)).input).slice(2)).toEqual([
      'user: one',
      'assistant: answer 0',
      'user: two',
    ]);
  });
});
