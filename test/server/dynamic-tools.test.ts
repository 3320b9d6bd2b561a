import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import type { UpstreamRequest } from '../support/responses-upstream.ts';
import { itemDone } from '../support/responses-upstream.ts';
import { beginCalls, call, itemEnd, openActing, outputOf, question } from './acting.ts';
import { endOf, openThread, refused, wholeTurn } from './turns.ts';

const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const WEATHER = { name: 'weather', description: 'Tells the weather.', inputSchema: SCHEMA };
const OFFERED = {
  type: 'function',
  name: 'weather',
  description: WEATHER.description,
  strict: false,
  parameters: SCHEMA,
};
const FIELDS = { namespace: null, tool: 'weather', arguments: { city: 'Ulm' } };

function toolsOf(request: UpstreamRequest | undefined): { name?: string }[] {
  return request?.body['tools'] as { name?: string }[];
}

function refusal(message: string): object {
  return { error: refused('invalidInput', message), id: expect.any(Number) };
}

describe('dynamicTools of thread/start', () => {
  it.each([
    [[{ ...WEATHER, name: '' }], 'dynamicTools[0] has an empty name'],
    [[WEATHER, WEATHER], 'dynamic tool `weather` is there more than once'],
    [
      [{ ...WEATHER, name: 'the weather' }],
      'dynamic tool `the weather` has a name that is not made of 1 to 128 letters, digits, `_` and `-`',
    ],
    [[{ ...WEATHER, name: 'mcp__x' }], 'dynamic tool `mcp__x` has a name that is reserved'],
    [[{ ...WEATHER, name: 'shell' }], 'dynamic tool `shell` has a name that is reserved'],
    [
      [{ ...WEATHER, namespace: 'mcp__x' }],
      'dynamic tool `weather` of the namespace `mcp__x` has a name that is reserved',
    ],
    [
      [{ ...WEATHER, namespace: '' }],
      'dynamic tool `weather` of the namespace `` has a `namespace` that is not made of 1 to 128 letters, digits, `_` and `-`',
    ],
    [
      [{ ...WEATHER, deferLoading: true }],
      'dynamic tool `weather` is deferred, and needs a `namespace` for that',
    ],
    [[{ ...WEATHER, inputSchema: 5 }], 'dynamic tool `weather` has an input schema that is not an object'],
    [
      [{ ...WEATHER, inputSchema: { type: 'string' } }],
      'dynamic tool `weather` has an input schema whose `type` is not `object`',
    ],
    [
      [{ ...WEATHER, inputSchema: { properties: [] } }],
      'dynamic tool `weather` has an input schema whose `properties` are not an object',
    ],
    [[{ ...WEATHER, description: 'x'.repeat(600_000) }], 'dynamicTools take more than 524288 bytes'],
  ])('are refused where they cannot be offered: %#', async (dynamicTools, message) => {
    const daemon = await TestDaemon.open();
    expect(await daemon.call('thread/start', { dynamicTools })).toEqual(refusal(message));
    expect((await daemon.request('thread/loaded/list', {}))['data']).toEqual([]);
  });

  it('with a schema that is nested too deep are refused', async () => {
    const daemon = await TestDaemon.open();
    const schema = `${'{"properties":{"a":'.repeat(20_000)}{}${'}}'.repeat(20_000)}`;
    daemon.raw(
      `{"id":"deep","method":"thread/start","params":{"dynamicTools":[{"name":"a","description":"","inputSchema":${schema}}]}}\n`,
    );
    const answer = await daemon.waitFor('the answer', ({ id }) => id === 'deep');
    expect(answer.error?.message).toBe('dynamic tool `a` has an input schema that is nested too deep');
  });

  it('are offered behind all others, those of a namespace together, and deferred ones not at all', async () => {
    const of = (name: string, more: object = {}): object => ({ ...WEATHER, name, namespace: 'sky', ...more });
    const dynamicTools = [
      of('sun'),
      { ...WEATHER, inputSchema: {} },
      of('moon'),
      of('star', { deferLoading: true }),
    ];
    const opened = await openThread({ thread: { dynamicTools } });
    await wholeTurn(opened, 'hello');
    expect(toolsOf(opened.upstream.requests[0]).slice(-2)).toEqual([
      {
        type: 'namespace',
        name: 'sky',
        description: 'Tools in the namespace sky.',
        tools: [
          { ...OFFERED, name: 'sun' },
          { ...OFFERED, name: 'moon' },
        ],
      },
      { ...OFFERED, parameters: { type: 'object', properties: {} } },
    ]);
  });

  it('are kept, for the thread and for its forks', async () => {
    const opened = await openThread({ thread: { dynamicTools: [WEATHER] } });
    const { daemon, threadId, upstream } = opened;
    await wholeTurn(opened, 'hello');
    await daemon.stop();
    const again = await TestDaemon.open({ home: daemon.home });
    await again.request('thread/resume', { threadId });
    const fork = await again.request<{ thread: { id: string } }>('thread/fork', { threadId });
    for (const id of [threadId, fork.thread.id]) {
      await wholeTurn({ daemon: again, threadId: id, upstream }, 'again');
      expect(toolsOf(upstream.requests.at(-1)).at(-1)).toEqual(OFFERED);
    }
  });
});

it('dynamic tools of a file that cannot be offered are left out', async () => {
  const opened = await openThread({ thread: { dynamicTools: [WEATHER] } });
  const { daemon, threadId, upstream } = opened;
  await wholeTurn(opened, 'hello');
  const { thread } = await daemon.request<{ thread: { path: string } }>('thread/read', { threadId });
  await daemon.stop();
  const text = readFileSync(thread.path, 'utf8');
  const others = JSON.stringify([WEATHER, { ...WEATHER, name: 'shell' }, WEATHER]);
  writeFileSync(
    thread.path,
    text.replace(/"dynamic_tools":\[.*?\](?=,"git"|\})/u, `"dynamic_tools":${others}`),
  );
  expect(readFileSync(thread.path, 'utf8')).toContain('"name":"shell"');
  const again = await TestDaemon.open({ home: daemon.home });
  await again.request('thread/resume', { threadId });
  await wholeTurn({ daemon: again, threadId, upstream }, 'again');
  const offered = toolsOf(upstream.requests.at(-1)).filter(
    ({ name }) => name === 'weather' || name === 'shell',
  );
  expect(offered).toEqual([OFFERED]);
});

describe('a call of a dynamic tool', () => {
  const thread = { dynamicTools: [WEATHER, { ...WEATHER, namespace: 'sky', name: 'sun' }] };
  const ulm = call('weather', { city: 'Ulm' });
  const image = { type: 'inputImage', imageUrl: 'data:image/png;base64,AA==' };
  const rain = { type: 'inputText', text: 'rain' };

  it('is put to the client, and its answer is what the tool gives', async () => {
    const acting = await openActing({ thread });
    const { daemon, threadId } = acting;
    const { before, next, turnId } = await beginCalls(acting, [ulm]);
    const asked = await question(daemon);
    expect(asked).toEqual({
      id: asked.id,
      method: 'item/tool/call',
      params: { threadId, turnId, callId: 'c1', ...FIELDS },
    });
    daemon.write({ id: asked.id, result: { contentItems: [rain], success: true } });
    const request = await next();
    expect(outputOf(request)).toBe('rain');
    request.answer('m1', ['done']);
    await endOf(daemon, turnId);
    const told = daemon.messages.slice(before);
    const item = { type: 'dynamicToolCall', id: 'c1', ...FIELDS };
    const views = told.filter(({ params }) => (params?.['item'] as { id?: string } | undefined)?.id === 'c1');
    expect(views).toEqual([
      {
        method: 'item/started',
        params: {
          item: { ...item, status: 'inProgress', contentItems: null, success: null, durationMs: null },
          threadId,
          turnId,
          startedAtMs: expect.any(Number),
        },
      },
      {
        method: 'item/completed',
        params: {
          item: {
            ...item,
            status: 'completed',
            contentItems: [rain],
            success: true,
            durationMs: expect.any(Number),
          },
          threadId,
          turnId,
          completedAtMs: expect.any(Number),
        },
      },
    ]);
    const methods = told.map(({ method }) => method);
    expect(methods).not.toContain('serverRequest/resolved');
    const flags = told.flatMap(({ method, params }) =>
      method === 'thread/status/changed'
        ? [(params?.['status'] as { activeFlags?: unknown }).activeFlags]
        : [],
    );
    expect(flags).toEqual([[], undefined]);
  });

  it('gives several parts as a list', async () => {
    const acting = await openActing({ thread });
    const { next } = await beginCalls(acting, [ulm]);
    const { id } = await question(acting.daemon);
    acting.daemon.write({ id, result: { contentItems: [rain, image], success: true } });
    expect(outputOf(await next())).toEqual([
      { type: 'input_text', text: 'rain' },
      { type: 'input_image', image_url: image.imageUrl },
    ]);
  });

  it('of a namespace names both parts', async () => {
    const acting = await openActing({ thread });
    const { daemon } = acting;
    await beginCalls(acting, [
      itemDone({
        type: 'function_call',
        id: 'f1',
        namespace: 'sky',
        name: 'sun',
        arguments: '{}',
        call_id: 'c1',
      }),
    ]);
    expect((await question(daemon)).params).toMatchObject({ namespace: 'sky', tool: 'sun', arguments: {} });
  });

  const noAnswer = [{ type: 'inputText', text: 'The client did not answer the call of its tool.' }];

  it.each<[string, Partial<WireMessage>, object[]]>([
    ['says that it failed', { result: { contentItems: [rain], success: false } }, [rain]],
    ['is an error', { error: { code: 1, message: 'no' } }, noAnswer],
    ['is none', { result: { success: true } }, noAnswer],
  ])('whose answer %s has failed', async (_case, answer, contentItems) => {
    const acting = await openActing({ thread });
    const { daemon } = acting;
    const { next } = await beginCalls(acting, [ulm]);
    daemon.write({ id: (await question(daemon)).id, ...answer });
    expect(await itemEnd(daemon)).toMatchObject({ status: 'failed', success: false, contentItems });
    expect(outputOf(await next())).toBe((contentItems[0] as { text: string }).text);
  });

  it('with arguments that are none is not put to the client', async () => {
    const acting = await openActing({ thread });
    const { next } = await beginCalls(acting, [call('weather', '[]')]);
    expect(outputOf(await next())).toMatch(/^failed to parse function arguments: /);
  });

  it('ends with its turn', async () => {
    const acting = await openActing({ thread });
    const { daemon, threadId } = acting;
    const { turnId } = await beginCalls(acting, [ulm]);
    await question(daemon);
    await daemon.request('turn/interrupt', { threadId, turnId });
    expect(await itemEnd(daemon)).toMatchObject({ status: 'failed', success: false });
    expect((await endOf(daemon, turnId))['status']).toBe('interrupted');
  });

  it('is still answered by a client that does not follow the thread any more', async () => {
    const acting = await openActing({ thread });
    const { daemon, threadId } = acting;
    const { next } = await beginCalls(acting, [ulm]);
    const { id } = await question(daemon);
    await daemon.request('thread/unsubscribe', { threadId });
    daemon.write({ id, result: { contentItems: [rain], success: true } });
    expect(outputOf(await next())).toBe('rain');
  });

  it('has failed when its answer is too long to be read', async () => {
    const acting = await openActing({ thread });
    const { next } = await beginCalls(acting, [ulm]);
    const { id } = await question(acting.daemon);
    const text = 'x'.repeat(65 * 1024 * 1024);
    acting.daemon.write({ id, result: { contentItems: [{ type: 'inputText', text }], success: true } });
    expect(outputOf(await next())).toBe(noAnswer[0]?.text);
  });

  it('tells the model no more of several texts than of one, and so many images', async () => {
    const acting = await openActing({ thread });
    const { next } = await beginCalls(acting, [ulm]);
    const { id } = await question(acting.daemon);
    const long = (letter: string): object => ({ type: 'inputText', text: letter.repeat(24_000) });
    const images = Array.from({ length: 10 }, () => image);
    const contentItems = [long('a'), ...images, long('b'), long('c'), rain];
    acting.daemon.write({ id, result: { contentItems, success: true } });
    expect(outputOf(await next())).toEqual([
      { type: 'input_text', text: 'a'.repeat(24_000) },
      ...images.slice(0, 8).map(() => ({ type: 'input_image', image_url: image.imageUrl })),
      { type: 'input_text', text: `${'b'.repeat(8_000)}…2000 tokens truncated…${'b'.repeat(8_000)}` },
      { type: 'input_text', text: '(2 more texts, left out: the answer is too long)' },
      { type: 'input_text', text: '(2 more images, left out: at most 8 are shown)' },
    ]);
  });
});
