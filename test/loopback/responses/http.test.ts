import { createParser } from 'eventsource-parser';
import { expect, test } from 'vitest';
import type { WireEvent } from '../support/event-client.ts';
import { joinedDeltas, typesOf } from '../support/event-client.ts';
import { startUpstream } from '../support/upstream.ts';
import type { Upstream } from '../support/upstream.ts';

const ASKED = 'The loopback server was asked: "hello"';

function user(text: string): object {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
}

function post({ loopback }: Upstream, body: object | string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${loopback.url}/responses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer secret-key' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: signal ?? null,
  });
}

/** Reads server-sent events; `onEvent` may stop by returning false. */
async function readEvents(
  response: Response,
  onEvent: (event: WireEvent) => void = () => {},
): Promise<WireEvent[]> {
  const events: WireEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      const parsed = JSON.parse(data) as WireEvent;
      expect(event).toBe(parsed.type);
      events.push(parsed);
      onEvent(parsed);
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? [])
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
  return events;
}

async function stream(upstream: Upstream, body: object): Promise<WireEvent[]> {
  const response = await post(upstream, { model: 'any', stream: true, ...body });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  return readEvents(response);
}

test('streams an answer with every event of the API', async () => {
  const upstream = await startUpstream();
  const input = [user('hello')];
  const body = { model: 'any', stream: true, instructions: 'Be brief.', input, tools: [], store: false };
  const events = await stream(upstream, body);
  const response = {
    id: 'resp_1',
    object: 'response',
    created_at: 1_700_000_000,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: 'Be brief.',
    metadata: {},
    model: 'any',
    parallel_tool_calls: true,
    previous_response_id: null,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
  };
  const begun = { ...response, status: 'in_progress', output: [] };
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant' };
  const part = { type: 'output_text', text: ASKED, annotations: [], logprobs: [] };
  const item = { ...message, status: 'completed', content: [part] };
  const inputTokens = Math.ceil(JSON.stringify(body).length / 4);
  const words = ['The', ' loopback', ' server', ' was', ' asked:', ' "hello"'];
  const expected = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { ...message, status: 'in_progress', content: [] },
    },
    { type: 'response.content_part.added', ...place, part: { ...part, text: '' } },
    ...words.map((delta) => ({ type: 'response.output_text.delta', ...place, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...place, text: ASKED, logprobs: [] },
    { type: 'response.content_part.done', ...place, part },
    { type: 'response.output_item.done', output_index: 0, item },
    {
      type: 'response.completed',
      response: {
        ...response,
        status: 'completed',
        output: [item],
        usage: {
          input_tokens: inputTokens,
          input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
          output_tokens: 10,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: inputTokens + 10,
        },
      },
    },
  ];
  expect(events).toEqual(expected.map((event, index) => ({ ...event, sequence_number: index })));
});

test('gives one body when no stream is wanted', async () => {
  const response = await post(await startUpstream(), { model: 'any', input: 'hello' });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    object: 'response',
    status: 'completed',
    output: [{ type: 'message', content: [{ type: 'output_text', text: ASKED }] }],
    usage: { output_tokens: 10 },
  });
});

test('calls a tool, and tells what it gave back', async () => {
  const upstream = await startUpstream();
  const tools = [{ type: 'function', name: 'shell', parameters: {} }];
  const events = await stream(upstream, { input: 'tool shell {"cmd":"ls"}', tools });
  const call = { id: 'fc_1', type: 'function_call', call_id: 'call_1', name: 'shell' };
  const item = { ...call, status: 'completed', arguments: '{"cmd":"ls"}' };
  expect(events.slice(2, -1)).toMatchObject([
    { type: 'response.output_item.added', item: { ...call, status: 'in_progress', arguments: '' } },
    { type: 'response.function_call_arguments.delta', item_id: 'fc_1', delta: '{"cmd":"ls"}' },
    {
      type: 'response.function_call_arguments.done',
      item_id: 'fc_1',
      name: 'shell',
      arguments: '{"cmd":"ls"}',
    },
    { type: 'response.output_item.done', item },
  ]);
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'three files' };
  const next = await stream(upstream, { previous_response_id: 'resp_1', input: [output], tools });
  expect(joinedDeltas(next, 'response.output_text.delta')).toBe('The tool shell gave back: "three files"');
});

test('gives free text to a tool that takes it', async () => {
  const tools = [{ type: 'custom', name: 'apply_patch' }];
  const events = await stream(await startUpstream(), { input: 'tool apply_patch *** Begin', tools });
  expect(events.slice(2, -1)).toMatchObject([
    { type: 'response.output_item.added', item: { type: 'custom_tool_call', input: '' } },
    { type: 'response.custom_tool_call_input.delta', delta: '*** Begin' },
    { type: 'response.custom_tool_call_input.done', input: '*** Begin' },
    { type: 'response.output_item.done', item: { name: 'apply_patch', input: '*** Begin' } },
  ]);
});

test('takes its time when it is asked to', async () => {
  const upstream = await startUpstream();
  const response = await post(upstream, { model: 'any', stream: true, input: 'slow 13: hello' });
  const counts: number[] = [];
  const events = await readEvents(response, ({ type }) => {
    if (type !== 'response.output_text.delta') return;
    counts.push(upstream.clock.now());
    upstream.clock.advance(1_000);
  });
  expect(new Set(counts).size).toBe(13);
  expect(joinedDeltas(events, 'response.output_text.delta')).toBe(
    `${ASKED} Taking 13 seconds over this, as asked.`,
  );
  expect(events.at(-1)?.type).toBe('response.completed');
});

test('stops when the client goes away', async () => {
  const upstream = await startUpstream();
  const abort = new AbortController();
  const response = await post(
    upstream,
    { model: 'any', stream: true, input: 'slow 10: hello' },
    abort.signal,
  );
  const first = await response.body?.getReader().read();
  expect(first?.done).toBe(false);
  expect(upstream.clock.timerCount).toBe(1);
  abort.abort();
  await expect.poll(() => upstream.clock.timerCount, { timeout: 10_000 }).toBe(0);
});

test('fails when it is asked to', async () => {
  const upstream = await startUpstream();
  const events = await stream(upstream, { input: 'fail' });
  expect(typesOf(events)).toEqual(['response.created', 'response.in_progress', 'response.failed']);
  const message = 'The rate limit was reached because the text asked for it. Please try again in 1s.';
  expect(events.at(-1)).toMatchObject({
    response: { status: 'failed', error: { code: 'rate_limit_exceeded', message } },
  });
  const whole = await post(upstream, { model: 'any', input: 'fail' });
  expect([whole.status, await whole.json()]).toEqual([
    429,
    { error: { message, type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' } },
  ]);
  expect((await post(upstream, { model: 'any', stream: true, input: 'fail 503' })).status).toBe(503);
});

test('continues a response, unless it was not stored', async () => {
  const upstream = await startUpstream();
  await stream(upstream, { input: 'hello', store: true });
  await stream(upstream, { input: 'hello', store: false });
  const again = await stream(upstream, { input: [], previous_response_id: 'resp_1' });
  expect(joinedDeltas(again, 'response.output_text.delta')).toBe(ASKED);
  const refused = await post(upstream, { model: 'any', input: [], previous_response_id: 'resp_2' });
  expect([refused.status, await refused.json()]).toEqual([
    400,
    {
      error: {
        message: 'The response to continue is not, or no longer, known here.',
        type: 'invalid_request_error',
        param: 'previous_response_id',
        code: 'previous_response_not_found',
      },
    },
  ]);
});

test.each([
  ['no JSON', '{', null, null],
  ['nothing', '', null, null],
  ['no object', '[]', 'invalid_type', null],
  ['no model', { input: 'hello' }, 'missing_required_parameter', 'model'],
  ['a model of another kind', { model: 1, input: 'hello' }, 'invalid_type', 'model'],
  ['no input', { model: 'any' }, 'missing_required_parameter', 'input'],
  ['an input of another kind', { model: 'any', input: 1 }, 'invalid_value', 'input'],
  ['an item of another kind', { model: 'any', input: [1] }, 'invalid_value', 'input'],
  ['tools of another kind', { model: 'any', input: '', tools: {} }, 'invalid_type', 'tools'],
  ['deep nesting', `{"model":"any","input":${'['.repeat(300)}${']'.repeat(300)}}`, null, null],
])('refuses a request with %s', async (_name, body, code, param) => {
  const response = await post(await startUpstream(), body);
  expect([response.status, await response.json()]).toEqual([
    400,
    { error: { message: expect.any(String) as unknown, type: 'invalid_request_error', param, code } },
  ]);
});

test('refuses a body that is encoded', async () => {
  const { loopback } = await startUpstream();
  const response = await fetch(`${loopback.url}/responses`, {
    method: 'POST',
    headers: { 'content-encoding': 'zstd' },
    body: 'x',
  });
  expect(response.status).toBe(415);
});

test('refuses a body that is too long', async () => {
  const { loopback } = await startUpstream();
  const body = `{"model":"any","input":"${'x'.repeat(65 * 1024 * 1024)}"}`;
  const outcome = await fetch(`${loopback.url}/responses`, { method: 'POST', body }).then(
    ({ status }) => status,
    () => 'connection dropped',
  );
  expect([413, 'connection dropped']).toContain(outcome);
});

test('logs neither key nor text', async () => {
  const upstream = await startUpstream();
  await stream(upstream, { input: 'a confidential question' });
  const log = JSON.stringify(upstream.log);
  expect(log).toContain('response_started');
  expect(log).not.toContain('secret-key');
  expect(log).not.toContain('confidential');
});
