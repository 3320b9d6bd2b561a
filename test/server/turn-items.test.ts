import { describe, expect, it } from 'vitest';
import { completed, itemDone } from '../support/responses-upstream.ts';
import type { UpstreamEvent } from '../support/responses-upstream.ts';
import type { WireMessage } from '../support/daemon.ts';
import {
  ACTIVE,
  assistant,
  endOf,
  IDLE,
  layout,
  openThread,
  script,
  startTurn,
  textElement,
  times,
  user,
  UUID,
  wholeTurn,
} from './turns.ts';
import type { OpenThread } from './turns.ts';

function itemAdded(item: object): UpstreamEvent {
  return { type: 'response.output_item.added', output_index: 0, item };
}

/** The notifications between the user's message and the usage of a turn that is answered with these events. */
async function toldFor(
  thread: OpenThread,
  events: readonly UpstreamEvent[],
): Promise<{ turnId: string; told: WireMessage[] }> {
  const { daemon, upstream } = thread;
  const before = daemon.messages.length;
  const turnId = await startTurn(thread, 'go');
  const request = await upstream.request();
  request.send(...events, completed('r'));
  request.end();
  expect((await endOf(daemon, turnId))['status']).toBe('completed');
  const messages = daemon.messages.slice(before + 1);
  const { input, limits, started, status, usage } = script(thread.threadId, turnId);
  const opening = [status(ACTIVE), started, ...input(textElement('go')), limits()];
  expect(messages.slice(0, opening.length)).toEqual(opening);
  expect(messages.at(-3)).toEqual(usage());
  return { turnId, told: messages.slice(opening.length, -3) };
}

describe('the items of a response', () => {
  it('tell reasoning with its deltas', async () => {
    const thread = await openThread();
    const reasoning = {
      type: 'reasoning',
      id: 'rs1',
      summary: [
        { type: 'summary_text', text: 'First.' },
        { type: 'summary_text', text: 'Second.' },
      ],
      content: [{ type: 'reasoning_text', text: 'raw' }],
      encrypted_content: 'c2VjcmV0',
    };
    const summary = (summary_index: number, delta: string): UpstreamEvent => ({
      type: 'response.reasoning_summary_text.delta',
      item_id: 'rs1',
      summary_index,
      delta,
    });
    const part = (summary_index: number): UpstreamEvent => ({
      type: 'response.reasoning_summary_part.added',
      item_id: 'rs1',
      summary_index,
    });
    const { told, turnId } = await toldFor(thread, [
      itemAdded({ type: 'reasoning', id: 'rs1', summary: [] }),
      part(0),
      summary(0, 'First.'),
      part(1),
      summary(1, 'Sec'),
      summary(1, 'ond.'),
      { type: 'response.reasoning_text.delta', item_id: 'rs1', content_index: 0, delta: 'raw' },
      itemDone(reasoning),
      itemDone({ ...assistant('done'), id: 'm1' }),
    ]);
    const { threadId } = thread;
    const ids = { threadId, turnId, itemId: 'rs1' };
    const { answer, itemCompleted, itemStarted } = script(threadId, turnId);
    const delta = (summaryIndex: number, words: string): WireMessage => ({
      method: 'item/reasoning/summaryTextDelta',
      params: { ...ids, delta: words, summaryIndex },
    });
    expect(told).toEqual([
      itemStarted({ type: 'reasoning', id: 'rs1', summary: [], content: [] }),
      { method: 'item/reasoning/summaryPartAdded', params: { ...ids, summaryIndex: 0 } },
      delta(0, 'First.'),
      { method: 'item/reasoning/summaryPartAdded', params: { ...ids, summaryIndex: 1 } },
      delta(1, 'Sec'),
      delta(1, 'ond.'),
      { method: 'item/reasoning/textDelta', params: { ...ids, delta: 'raw', contentIndex: 0 } },
      itemCompleted({ type: 'reasoning', id: 'rs1', summary: ['First.', 'Second.'], content: ['raw'] }),
      ...answer('m1', []).slice(0, 1),
      ...answer('m1', ['done']).slice(-1),
    ]);

    await wholeTurn(thread, 'next');
    const next = await thread.upstream.request(1);
    expect(next.input.slice(2)).toEqual([
      user('go'),
      { ...reasoning, id: undefined },
      assistant('done'),
      user('next'),
    ]);
  });

  it('tell an assistant message without an added event, and its phase', async () => {
    const thread = await openThread();
    const { told, turnId } = await toldFor(thread, [
      itemDone({ ...assistant('thinking aloud'), id: 'm1', phase: 'commentary' }),
      itemAdded({ ...assistant('Al'), id: 'm2', phase: 'final_answer' }),
      { type: 'response.output_text.delta', item_id: 'm2', delta: 'l done' },
      itemDone({ ...assistant('All done'), id: 'm2', phase: 'final_answer' }),
    ]);
    const { itemCompleted, itemStarted } = script(thread.threadId, turnId);
    const message = (id: string, words: string, phase: string): object => ({
      type: 'agentMessage',
      id,
      text: words,
      phase,
      memoryCitation: null,
    });
    const delta = (words: string): WireMessage => ({
      method: 'item/agentMessage/delta',
      params: { threadId: thread.threadId, turnId, itemId: 'm2', delta: words },
    });
    expect(told).toEqual([
      itemStarted(message('m1', '', 'commentary')),
      itemCompleted(message('m1', 'thinking aloud', 'commentary')),
      itemStarted(message('m2', '', 'final_answer')),
      delta('Al'),
      delta('l done'),
      itemCompleted(message('m2', 'All done', 'final_answer')),
    ]);
    await wholeTurn(thread, 'next');
    expect((await thread.upstream.request(1)).input.slice(3, 5)).toEqual([
      { ...assistant('thinking aloud'), phase: 'commentary' },
      { ...assistant('All done'), phase: 'final_answer' },
    ]);
  });

  it('get one id for their whole life where the provider gives none', async () => {
    const thread = await openThread();
    const { told } = await toldFor(thread, [
      itemAdded({ type: 'message', role: 'assistant', content: [] }),
      { type: 'response.output_text.delta', delta: 'hi' },
      itemDone(assistant('hi')),
      itemDone(assistant('again')),
    ]);
    const ids = told.map(
      ({ params }) => params?.['itemId'] ?? (params?.['item'] as { id: string } | undefined)?.id,
    );
    expect(ids).toEqual([ids[0], ids[0], ids[0], ids[3], ids[3]]);
    expect(ids[0]).toMatch(UUID);
    expect(ids[3]).toMatch(UUID);
    expect(ids[3]).not.toBe(ids[0]);
  });

  it('tell web searches by what they did', async () => {
    const thread = await openThread();
    const search = (id: string, action?: object): object => ({
      type: 'web_search_call',
      id,
      status: 'completed',
      ...(action === undefined ? {} : { action }),
    });
    const { told, turnId } = await toldFor(thread, [
      itemAdded({ type: 'web_search_call', id: 'ws1', status: 'in_progress' }),
      itemDone(search('ws1', { type: 'search', query: 'roses', queries: ['roses', 'red roses'] })),
      itemDone(search('ws2', { type: 'open_page', url: 'https://example.com' })),
      itemDone(search('ws3', { type: 'find_in_page', url: 'https://example.com', pattern: 'red' })),
      itemDone(search('ws4', { type: 'dig' })),
      itemDone(search('ws5')),
      itemDone(search('ws6', { type: 'search', queries: ['roses', 'red roses'] })),
      itemDone(search('ws7', { type: 'find_in_page', pattern: 'red' })),
    ]);
    const { itemCompleted, itemStarted } = script(thread.threadId, turnId);
    const other = { type: 'other' };
    const item = (id: string, query: string, action: object): object => ({
      type: 'webSearch',
      id,
      query,
      action,
    });
    const whole = (view: object): WireMessage[] => [itemStarted(view), itemCompleted(view)];
    expect(told).toEqual([
      itemStarted(item('ws1', '', other)),
      itemCompleted(
        item('ws1', 'roses', { type: 'search', query: 'roses', queries: ['roses', 'red roses'] }),
      ),
      ...whole(item('ws2', 'https://example.com', { type: 'openPage', url: 'https://example.com' })),
      ...whole(
        item('ws3', "'red' in https://example.com", {
          type: 'findInPage',
          url: 'https://example.com',
          pattern: 'red',
        }),
      ),
      ...whole(item('ws4', '', other)),
      ...whole(item('ws5', '', other)),
      ...whole(item('ws6', 'roses ...', { type: 'search', query: null, queries: ['roses', 'red roses'] })),
      ...whole(item('ws7', "'red'", { type: 'findInPage', url: null, pattern: 'red' })),
    ]);
  });

  it('tell generated images', async () => {
    const thread = await openThread();
    const call = { type: 'image_generation_call', id: 'ig1', status: 'completed', result: 'AAAA' };
    const { told, turnId } = await toldFor(thread, [itemDone({ ...call, revised_prompt: 'a rose' })]);
    const { itemCompleted, itemStarted } = script(thread.threadId, turnId);
    const view = {
      type: 'imageGeneration',
      id: 'ig1',
      status: 'completed',
      revisedPrompt: 'a rose',
      result: 'AAAA',
    };
    expect(told).toEqual([itemStarted(view), itemCompleted(view)]);
  });

  it('are ignored, and so are events, where nothing is known of them', async () => {
    const thread = await openThread();
    const { told } = await toldFor(thread, [
      itemAdded({ type: 'novelty', id: 'n1' }),
      { type: 'response.novelty', id: 'n1' },
      itemDone({ type: 'novelty', id: 'n1', more: true }),
      { type: 'response.output_text.delta', item_id: 'n1', delta: 'nobody asked' },
    ]);
    expect(told).toEqual([]);
    await wholeTurn(thread, 'next');
    expect(layout((await thread.upstream.request(1)).input).slice(2)).toEqual(['user: go', 'user: next']);
  });
});

describe('a model that goes on', () => {
  it('is asked again where it says that its turn has not ended', async () => {
    const thread = await openThread();
    const { daemon, upstream } = thread;
    const turnId = await startTurn(thread, 'go');
    const first = await upstream.request();
    first.send(itemDone({ ...assistant('wait'), id: 'm1' }), completed('m1', { end_turn: false }));
    first.end();
    const second = await upstream.request(1);
    expect(layout(second.input).slice(2)).toEqual(['user: go', 'assistant: wait']);
    second.answer('m2', ['done']);
    expect((await endOf(daemon, turnId))['status']).toBe('completed');
    const usage = daemon.notifications('thread/tokenUsage').map(({ params }) => params?.['tokenUsage']);
    expect(usage).toMatchObject([{ total: times(1) }, { total: times(2) }]);
  });

  it('is told of each call that no tool answers, after all that it said', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'go');
    const first = await upstream.request();
    const calls = [
      { type: 'function_call', name: 'dig', arguments: '{}', call_id: 'c1' },
      { type: 'custom_tool_call', name: 'plant', input: 'x', call_id: 'c2', status: 'completed' },
    ];
    first.send(
      ...calls.map((call, index) => itemDone({ ...call, id: `id${index}` })),
      itemDone({ ...assistant('digging'), id: 'm1' }),
      completed('r1'),
    );
    first.end();
    const second = await upstream.request(1);
    second.answer('m2', ['done']);
    await endOf(daemon, turnId);
    expect(second.input.slice(2)).toEqual([
      user('go'),
      ...calls.map((call) => expect.objectContaining({ type: call.type, call_id: call.call_id }) as object),
      assistant('digging'),
      { type: 'function_call_output', call_id: 'c1', output: 'unsupported call: dig' },
      { type: 'custom_tool_call_output', call_id: 'c2', output: 'unsupported custom tool call: plant' },
    ]);
    const told = script(threadId, turnId);
    const [started, , done] = told.answer('m1', ['digging']);
    expect(daemon.messages.slice(before + 1)).toEqual([
      told.status(ACTIVE),
      told.started,
      ...told.input(textElement('go')),
      told.limits(),
      started,
      done,
      told.usage(),
      told.limits(),
      ...told.answer('m2', ['done']),
      told.usage(times(2)),
      told.status(IDLE),
      told.completed('completed'),
    ]);
  });

  it('is sent the outputs alone by WebSocket', async () => {
    const thread = await openThread({ provider: 'supports_websockets = true' });
    const { daemon, upstream } = thread;
    (await upstream.frame()).send(completed('warm'));
    const turnId = await startTurn(thread, 'go');
    const first = await upstream.frame(1);
    first.send(
      itemDone({ type: 'function_call', id: 'f1', name: 'dig', arguments: '{}', call_id: 'c1' }),
      itemDone({ type: 'function_call', id: 'f2', name: 'dig', arguments: '{}', call_id: 'c2' }),
      itemDone({ ...assistant('digging'), id: 'm1' }),
      completed('r1'),
    );
    const second = await upstream.frame(2);
    expect(second.body['previous_response_id']).toBe('resp-r1');
    expect(second.input).toEqual(
      ['c1', 'c2'].map((call_id) => ({
        type: 'function_call_output',
        call_id,
        output: 'unsupported call: dig',
      })),
    );
    second.answer('m2', ['done']);
    expect((await endOf(daemon, turnId))['status']).toBe('completed');
  });
});

describe('a wish of the provider that the user prove who they are', () => {
  it('is told once a turn', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'go');
    const request = await upstream.request();
    const wish = {
      type: 'response.metadata',
      metadata: { openai_verification_recommendation: ['trusted_access_for_cyber'] },
    };
    request.send(wish, wish, itemDone({ ...assistant('done'), id: 'm1' }), completed('m1'));
    request.end();
    await endOf(daemon, turnId);
    expect(daemon.notifications('model/verification')).toEqual([
      {
        method: 'model/verification',
        params: { threadId, turnId, verifications: ['trustedAccessForCyber'] },
      },
    ]);
  });
});

describe('another model than the one asked for', () => {
  it('is told once a turn', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'go');
    const first = await upstream.request();
    first.accept({ 'openai-model': 'gpt-other' });
    first.send(itemDone({ ...assistant('wait'), id: 'm1' }), completed('m1', { end_turn: false }));
    first.end();
    const second = await upstream.request(1);
    second.accept({ 'openai-model': 'gpt-other' });
    second.answer('m2', ['done']);
    await endOf(daemon, turnId);
    expect(daemon.notifications('model/rerouted')).toEqual([
      {
        method: 'model/rerouted',
        params: {
          threadId,
          turnId,
          fromModel: 'gpt-5.5',
          toModel: 'gpt-other',
          reason: 'highRiskCyberActivity',
        },
      },
    ]);
    expect(daemon.notifications('warning')).toEqual([
      script(threadId, turnId).warning(expect.stringMatching(/gpt-5\.5.*gpt-other/)),
    ]);
    const words = expect.stringMatching(/^Warning: .*gpt-other.*gpt-5\.5/);
    expect(second.input.slice(-2)).toEqual([assistant('wait'), user(words)]);
    const { index } = await wholeTurn(thread, 'next');
    expect(upstream.requests[index]?.input.slice(-4)).toEqual([
      assistant('wait'),
      user(words),
      assistant('done'),
      user('next'),
    ]);
  });

  it('is none where only the case differs', async () => {
    const thread = await openThread();
    const turnId = await startTurn(thread, 'go');
    const request = await thread.upstream.request();
    request.accept({ 'openai-model': 'GPT-5.5' });
    request.answer('m1', ['done']);
    await endOf(thread.daemon, turnId);
    expect(thread.daemon.notifications('model/rerouted')).toEqual([]);
    expect(thread.daemon.notifications('warning')).toEqual([]);
  });
});
