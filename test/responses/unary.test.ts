import { describe, expect, test } from 'vitest';
import { LoopbackServer } from './support/loopback-server.ts';
import {
  bare,
  CONTEXT,
  INSTALLATION,
  openSession,
  plain,
  request,
  THREAD,
  userMessage,
} from './support/session.ts';
import { TestClock } from './support/test-clock.ts';
import type { ResponsesError } from '../../src/responses/index.ts';

const DISCONNECTED = 'stream disconnected before completion: ';
const { signal } = new AbortController();

async function failureOf(call: Promise<unknown>): Promise<object | null> {
  return call.then(
    () => null,
    (error: unknown) => plain(error as ResponsesError),
  );
}

const disconnected = (detail: string): object =>
  bare('streamDisconnected', DISCONNECTED + detail, { isRetryable: true });

async function serverWith(body: unknown): Promise<LoopbackServer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return LoopbackServer.open({ onRequest: (response) => response.writeHead(200).end(text) });
}

describe('compaction', () => {
  const output = [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'kept' }] },
    { type: 'compaction', id: 'c', encrypted_content: 'e' },
    { type: 'hologram' },
  ];

  test('sends what the turn would send, and gives what stands for it', async () => {
    const server = await serverWith({ output });
    const session = openSession(server.url, {
      identity: {
        threadId: THREAD,
        installationId: INSTALLATION,
        subagent: 'compact',
        betaFeatures: ['one'],
      },
      compression: () => () => Promise.reject(new Error('not to be used')),
    });
    const full = request({
      parallelToolCalls: true,
      serviceTier: 'fast',
      reasoning: { effort: 'medium', summary: 'auto' },
      text: { verbosity: 'low', outputSchema: null },
      tools: [{ type: 'web_search' }],
    });
    const context = { windowGeneration: 4, turnMetadata: '{"turn_id":"t"}' };
    expect(await session.compact(full, { context, signal })).toEqual([
      output[0],
      { type: 'compaction', encrypted_content: 'e' },
      { type: 'other', itemType: 'hologram' },
    ]);
    const [received] = server.requests;
    expect({ method: received?.method, url: received?.url }).toEqual({
      method: 'POST',
      url: '/v1/responses/compact',
    });
    expect(JSON.parse(received?.body.toString() ?? '')).toEqual({
      model: 'test-model',
      input: [userMessage('hello')],
      instructions: 'Be brief.',
      tools: [{ type: 'web_search' }],
      parallel_tool_calls: true,
      reasoning: { effort: 'medium', summary: 'auto' },
      text: { verbosity: 'low' },
    });
    const own = Object.entries(received?.headers ?? {}).filter(([name]) =>
      /^(?:x-|session|author|orig)/u.test(name),
    );
    expect(Object.fromEntries(own)).toEqual({
      originator: 'test',
      'x-codex-installation-id': INSTALLATION,
      'x-openai-subagent': 'compact',
      'x-codex-window-id': `${THREAD}:4`,
      session_id: THREAD,
      authorization: 'Bearer test-token',
    });
  });

  test('leaves out what there is not', async () => {
    const server = await serverWith({ output: [] });
    await openSession(server.url).compact(request({ instructions: '' }), { context: CONTEXT, signal });
    expect(JSON.parse(server.requests[0]?.body.toString() ?? '')).toEqual({
      model: 'test-model',
      input: [userMessage('hello')],
      tools: [],
      parallel_tool_calls: false,
    });
  });

  test('of nothing is no request', async () => {
    const server = await LoopbackServer.open();
    expect(
      await openSession(server.url).compact(request({ input: [] }), { context: CONTEXT, signal }),
    ).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  test.each([
    ['no json', 'the answer to responses/compact is no JSON object'],
    ['[]', 'the answer to responses/compact is no JSON object'],
    [{}, 'the answer to responses/compact has no output'],
    [{ output: [{ type: 'message' }] }, 'the answer to responses/compact holds an item that cannot be read'],
  ])('that is answered by %j has failed', async (body, detail) => {
    const server = await serverWith(body);
    const call = openSession(server.url).compact(request(), { context: CONTEXT, signal });
    expect(await failureOf(call)).toEqual(disconnected(detail));
  });

  test('is tried again after server errors, and does not renew the login', async () => {
    let recoveries = 0;
    const server = await LoopbackServer.open({
      onRequest: (response, index) => response.writeHead(index === 0 ? 502 : 401).end('no'),
    });
    const session = openSession(server.url, {
      clock: new TestClock((milliseconds) => milliseconds === 200),
      provider: { requestMaxRetries: 2 },
      recoverAuth: () => {
        recoveries += 1;
        return Promise.resolve({ type: 'retry' });
      },
    });
    expect(await failureOf(session.compact(request(), { context: CONTEXT, signal }))).toMatchObject({
      kind: 'unauthorized',
      status: 401,
    });
    expect({ requests: server.requests.length, recoveries }).toEqual({ requests: 2, recoveries: 0 });
  });

  test('ends when the answer does not', async () => {
    const clock = new TestClock();
    const server = await LoopbackServer.open({
      onRequest: (response) => {
        response.writeHead(200);
        response.write('{"output":[');
      },
    });
    const session = openSession(server.url, { clock, provider: { streamIdleTimeoutMs: 7_000 } });
    const call = failureOf(session.compact(request(), { context: CONTEXT, signal }));
    await server.until('the request', () => server.requests[0]);
    // The first wait is for the credential, the second for the head of the answer, the third for its body.
    await clock.untilBegun(3);
    await clock.expire(7_000);
    expect(await call).toEqual(disconnected('the answer of the model provider took too long'));
    await server.until('the end of the request', () => server.requests[0]?.isGone);
  });

  test('that breaks off has failed', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"output":[', () => response.destroy());
      },
    });
    const call = openSession(server.url).compact(request(), { context: CONTEXT, signal });
    expect(await failureOf(call)).toMatchObject({ kind: 'streamDisconnected', isRetryable: true });
  });
});

describe('memory summaries', () => {
  const traces = [{ id: 'a', sourcePath: '/tmp/a.jsonl', items: [{ type: 'message' }] }];

  test('are asked for trace by trace', async () => {
    const server = await serverWith({
      output: [
        { trace_summary: 'what happened', memory_summary: 'what to keep' },
        { raw_memory: 'older name', memory_summary: 'kept' },
      ],
    });
    const session = openSession(server.url, {
      identity: {
        threadId: THREAD,
        installationId: INSTALLATION,
        subagent: 'memory_consolidation',
        isMemoryGeneration: true,
      },
    });
    expect(await session.summarizeMemories({ model: 'm', traces, effort: 'low' }, signal)).toEqual([
      { traceSummary: 'what happened', memorySummary: 'what to keep' },
      { traceSummary: 'older name', memorySummary: 'kept' },
    ]);
    const [received] = server.requests;
    expect({ method: received?.method, url: received?.url }).toEqual({
      method: 'POST',
      url: '/v1/memories/trace_summarize',
    });
    expect(JSON.parse(received?.body.toString() ?? '')).toEqual({
      model: 'm',
      traces: [{ id: 'a', metadata: { source_path: '/tmp/a.jsonl' }, items: [{ type: 'message' }] }],
      reasoning: { effort: 'low' },
    });
    const own = Object.entries(received?.headers ?? {}).filter(([name]) =>
      /^(?:x-|session|author)/u.test(name),
    );
    expect(Object.fromEntries(own)).toEqual({
      'x-openai-subagent': 'memory_consolidation',
      'x-openai-memgen-request': 'true',
      authorization: 'Bearer test-token',
    });
  });

  test('of nothing are no request', async () => {
    const server = await LoopbackServer.open();
    expect(
      await openSession(server.url).summarizeMemories({ model: 'm', traces: [], effort: null }, signal),
    ).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  test.each([
    [{ output: 'none' }, 'the answer to memories/trace_summarize has no summaries'],
    [{ output: [{ memory_summary: 'm' }] }, 'the answer to memories/trace_summarize lacks a summary'],
  ])('answered by %j have failed', async (body, detail) => {
    const server = await serverWith(body);
    const call = openSession(server.url).summarizeMemories({ model: 'm', traces, effort: null }, signal);
    expect(await failureOf(call)).toEqual(disconnected(detail));
    expect(JSON.parse(server.requests[0]?.body.toString() ?? '')).not.toHaveProperty('reasoning');
  });
});
