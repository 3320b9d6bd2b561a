import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { completed, itemDone, USAGE } from '../support/responses-upstream.ts';
import { exec, openActing } from './acting.ts';
import { endOf, layout, openThread, startTurn, wholeTurn } from './turns.ts';

const LARGE = 'gpt-5.5';
const SMALL = 'gpt-5.3-codex-spark';

/** Fits the large model, and not the small one. */
const MANY = { ...USAGE, total_tokens: 130_000 };

describe('a thread that goes on with a model of a smaller window', () => {
  it.each(['live', 'after a resume'])('is compacted by the model that it had, %s', async (kind) => {
    const thread = await openThread({ top: 'compact_prompt = "Sum up."', model: LARGE });
    const { threadId, upstream } = thread;
    const first = await startTurn(thread, 'one');
    (await upstream.request()).answer('m1', ['ok'], MANY);
    await endOf(thread.daemon, first);
    let { daemon } = thread;
    if (kind !== 'live') {
      await daemon.stop();
      daemon = await TestDaemon.open({ home: daemon.home });
      await daemon.request('thread/resume', { threadId });
    }
    const turnId = await startTurn({ daemon, threadId }, 'two', { model: SMALL });
    const summary = await upstream.request(1);
    expect(summary.body['model']).toBe(LARGE);
    expect(layout(summary.input)).toEqual([
      'developer',
      'environment',
      'user: one',
      'assistant: ok',
      'user: Sum up.',
    ]);
    summary.answer('s1', ['in short']);
    const request = await upstream.request(2);
    expect(request.body['model']).toBe(SMALL);
    expect(layout(request.input)).toEqual([
      'user: one',
      'summary: in short',
      'developer(switch)',
      'environment',
      'user: two',
    ]);
    request.answer('m2', ['ok']);
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'completed' });
  });

  it('is left alone where it fits, and where the window is larger', async () => {
    const thread = await openThread({ model: LARGE });
    await wholeTurn(thread, 'one');
    await wholeTurn(thread, 'two', { model: SMALL });
    await wholeTurn(thread, 'three', { model: LARGE });
    const models = thread.upstream.requests.map(({ body }) => body['model']);
    expect(models).toEqual([LARGE, SMALL, LARGE]);
  });
});

describe('reasoning of earlier turns', () => {
  const top = 'model_auto_compact_token_limit = 2000\ncompact_prompt = "Sum up."';
  const reasoning = itemDone({
    type: 'reasoning',
    id: 'rs1',
    summary: [],
    encrypted_content: Buffer.alloc(12_000, 'x').toString('base64'),
  });

  it('counts against the limit, unless the provider says that its usage has it', async () => {
    const thread = await openThread({ top });
    const { daemon, upstream } = thread;
    let turnId = await startTurn(thread, 'one');
    const first = await upstream.request();
    first.send(reasoning, completed('m1'));
    first.end();
    await endOf(daemon, turnId);

    // What the last turn thought belongs to it until the user has said more.
    turnId = await startTurn(thread, 'two');
    const second = await upstream.request(1);
    expect(layout(second.input).at(-1)).toBe('user: two');
    second.accept({ 'x-reasoning-included': 'true' });
    second.send(completed('m2', { end_turn: false }));
    second.end();
    const third = await upstream.request(2);
    expect(layout(third.input).at(-1)).toBe('user: two');
    third.accept({ 'x-reasoning-included': 'true' });
    third.answer('m3', ['ok']);
    await endOf(daemon, turnId);

    turnId = await startTurn(thread, 'three');
    const summary = await upstream.request(3);
    expect(layout(summary.input).at(-1)).toBe('user: Sum up.');
    summary.answer('s1', ['in short']);
    (await upstream.request(4)).answer('m4', ['ok']);
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'completed' });
  });
});

describe('a compaction by the provider of what does not fit its model', () => {
  it('leaves out outputs at the end, with their calls', async () => {
    const acting = await openActing({ name: 'OpenAI', top: 'model_context_window = 6000' });
    const { daemon, upstream } = acting;
    const turnId = await startTurn(acting, 'one');
    const first = await upstream.request();
    first.send(
      exec('echo little', {}, 'c1'),
      itemDone({
        type: 'message',
        role: 'assistant',
        id: 'm1',
        content: [{ type: 'output_text', text: 'now' }],
      }),
      exec('seq 1 9000', {}, 'c2'),
      completed('m1'),
    );
    first.end();
    const request = await upstream.request(1);
    expect(request.url).toBe('/v1/responses/compact');
    expect(layout(request.input)).toEqual([
      'developer',
      'environment',
      'user: one',
      'function_call',
      'assistant: now',
      'function_call_output',
    ]);
    expect(request.input.filter(({ type }) => type?.startsWith('function'))).toMatchObject([
      { call_id: 'c1' },
      { call_id: 'c1' },
    ]);
    request.json({ output: [{ type: 'compaction', encrypted_content: 'c2VjcmV0' }] });
    (await upstream.request(2)).answer('m2', ['done']);
    expect(await endOf(daemon, turnId)).toMatchObject({ status: 'completed' });
  });
});

describe('reasoning of a model of which nothing is known', () => {
  it('is asked for where the configuration says that it can be', async () => {
    const top = 'model_supports_reasoning_summaries = true\nmodel_reasoning_summary = "detailed"';
    const thread = await openThread({ top, model: 'mock-model' });
    await wholeTurn(thread, 'one');
    expect((await thread.upstream.request()).body['reasoning']).toEqual({ summary: 'detailed' });
  });
});
