import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';
import { wholeTurn } from './turns.ts';
import type { OpenThread } from './turns.ts';

const METHOD = 'thread/memory/summarize';
const OUTPUT = [{ trace_summary: 'roses were planted', memory_summary: 'likes roses' }];

async function open(params: object = {}): Promise<OpenThread & { path: string | null }> {
  const upstream = await ResponsesUpstream.open();
  const config = upstream.config('model_reasoning_effort = "low"', { model: 'gpt-5.5' });
  const daemon = await TestDaemon.open({ config });
  const { thread } = await daemon.request<{ thread: { id: string; path: string | null } }>(
    'thread/start',
    params,
  );
  return { upstream, daemon, threadId: thread.id, path: thread.path };
}

describe('thread/memory/summarize', () => {
  it('answers the summary of the provider, and keeps it beside the thread', async () => {
    const thread = await open();
    const { daemon, threadId, upstream } = thread;
    const path = thread.path as string;
    await wholeTurn(thread, 'I like roses');
    const answer = daemon.call(METHOD, { threadId });
    const request = await upstream.request(1);
    request.json({ output: OUTPUT });
    const createdAt = expect.any(Number) as number;
    expect((await answer).result).toEqual({ summary: 'likes roses', createdAt });
    expect(request.url).toBe('/v1/memories/trace_summarize');
    const [first] = upstream.requests;
    expect(request.body).toEqual({
      model: 'gpt-5.5',
      reasoning: { effort: 'low' },
      traces: [
        {
          id: threadId,
          metadata: { source_path: path },
          items: [...(first?.input ?? []), expect.objectContaining({ role: 'assistant' })],
        },
      ],
    });

    const stored = path.replace(/\.jsonl$/, '.memory.json');
    const memory = { threadId, summary: 'likes roses', traceSummary: 'roses were planted', createdAt };
    expect(JSON.parse(readFileSync(stored, 'utf8'))).toEqual(memory);
    expect(statSync(stored).mode & 0o777).toBe(0o600);

    const again = daemon.call(METHOD, { threadId });
    (await upstream.request(2)).json({
      output: [{ raw_memory: 'more roses', memory_summary: 'likes roses a lot' }],
    });
    expect((await again).result).toEqual({ summary: 'likes roses a lot', createdAt });
    expect(JSON.parse(readFileSync(stored, 'utf8'))).toEqual({
      ...memory,
      summary: 'likes roses a lot',
      traceSummary: 'more roses',
    });
    expect(readdirSync(dirname(stored)).filter((name) => name.includes('memory'))).toHaveLength(1);
  });

  it('keeps nothing of a thread that is not to be kept', async () => {
    const thread = await open({ ephemeral: true });
    await wholeTurn(thread, 'I like roses');
    const answer = thread.daemon.call(METHOD, { threadId: thread.threadId });
    const request = await thread.upstream.request(1);
    request.json({ output: OUTPUT });
    expect((await answer).result).toEqual({ summary: 'likes roses', createdAt: expect.any(Number) });
    expect(request.body['traces']).toMatchObject([{ metadata: { source_path: thread.threadId } }]);
    expect(existsSync(`${thread.daemon.home}/sessions`)).toBe(false);
  });

  it('is refused for a thread in which nothing was said, and asks nobody', async () => {
    const { daemon, threadId, upstream } = await open();
    expect((await daemon.call(METHOD, { threadId })).error).toEqual({
      code: -32600,
      message: `thread ${threadId} has nothing to summarise yet`,
      data: { reason: 'memoryUnavailable' },
    });
    expect(upstream.requests).toEqual([]);
  });

  it('is refused where the provider fails, with what it said', async () => {
    const thread = await open();
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'one');
    const refused = daemon.call(METHOD, { threadId });
    (await upstream.request(1)).refuse(404, 'no such thing');
    expect((await refused).error).toEqual({
      code: -32600,
      message: expect.stringMatching(/^unexpected status 404 Not Found: no such thing/),
      data: { reason: 'memoryUnavailable' },
    });
    for (const [index, output] of ['none', [{ memory_summary: 'half' }], []].entries()) {
      const answer = daemon.call(METHOD, { threadId });
      (await upstream.request(index + 2)).json({ output });
      expect((await answer).error, JSON.stringify(output)).toMatchObject({
        code: -32600,
        data: { reason: 'memoryUnavailable' },
      });
    }
    expect(readdirSync(`${daemon.home}/sessions`, { recursive: true }).join()).not.toContain('memory');
  });

  it('needs the experimental capability', async () => {
    const daemon = await TestDaemon.open({ capabilities: null });
    const threadId = await daemon.startThread();
    expect((await daemon.call(METHOD, { threadId })).error).toEqual({
      code: -32600,
      message: `${METHOD} requires experimentalApi capability`,
      data: { reason: 'experimentalApiRequired', feature: METHOD },
    });
  });

  it('is no turn: one can run beside it', async () => {
    const thread = await open();
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'one');
    const answer = daemon.call(METHOD, { threadId });
    const request = await upstream.request(1);
    await wholeTurn(thread, 'two');
    request.json({ output: OUTPUT });
    expect((await answer).result).toMatchObject({ summary: 'likes roses' });
    expect(daemon.notifications('turn/completed')).toHaveLength(2);
  });
});
