import { describe, expect, it } from 'vitest';
import { completed, itemDone } from '../support/responses-upstream.ts';
import { endOf, openThread, startTurn, wholeTurn } from './turns.ts';
import type { OpenOptions, OpenThread } from './turns.ts';

interface OfferedTool {
  readonly type: string;
  readonly name?: string;
}

/** What the model is offered in the next turn. */
async function offered(thread: OpenThread, more: object = {}): Promise<readonly OfferedTool[]> {
  const { index } = await wholeTurn(thread, 'hello', more);
  return (await thread.upstream.request(index)).body['tools'] as OfferedTool[];
}

async function searchOf(thread: OpenThread, more: object = {}): Promise<object | null> {
  const tools = await offered(thread, more);
  return tools.find(({ type }) => type === 'web_search') ?? null;
}

const search = (isLive: boolean, more: object = {}): object => ({
  type: 'web_search',
  external_web_access: isLive,
  ...more,
});

describe('the web search of the provider', () => {
  it('is offered among the built-in tools, to models of which nothing is known too', async () => {
    const names = async (options: OpenOptions): Promise<string[]> =>
      (await offered(await openThread(options))).map(({ name, type }) => name ?? type);
    expect(await names({})).toEqual([
      'exec_command',
      'write_stdin',
      'update_plan',
      'request_user_input',
      'apply_patch',
      'web_search',
      'view_image',
    ]);
    expect(await names({ model: 'mock-model' })).toEqual([
      'exec_command',
      'write_stdin',
      'update_plan',
      'request_user_input',
      'web_search',
      'view_image',
    ]);
  });

  it.each([
    ['', search(false)],
    ['web_search = "cached"', search(false)],
    ['web_search = "live"', search(true)],
    ['web_search = "disabled"', null],
    ['web_search = "cached"\nfeatures.web_search_request = true', search(false)],
    ['web_search = "disabled"\nsandbox_mode = "danger-full-access"', null],
    ['features.web_search_request = true', search(true)],
  ])('follows the configuration %j', async (top, expected) => {
    expect(await searchOf(await openThread({ top }))).toEqual(expected);
  });

  it('is told what the configuration says of it', async () => {
    const top = `
[tools.web_search]
context_size = "high"
allowed_domains = ["example.com", "example.org"]
location = { country = "DE", city = "Berlin" }
`;
    const request = await searchOf(await openThread({ top }));
    expect(request).toEqual(
      search(false, {
        filters: { allowed_domains: ['example.com', 'example.org'] },
        user_location: { type: 'approximate', country: 'DE', city: 'Berlin' },
        search_context_size: 'high',
      }),
    );
  });

  it('is live in turns that may do anything, and in those alone', async () => {
    const thread = await openThread();
    const sandboxPolicy = (policy: object): object => ({ sandboxPolicy: policy });
    expect(await searchOf(thread, sandboxPolicy({ type: 'readOnly' }))).toEqual(search(false));
    expect(await searchOf(thread, sandboxPolicy({ type: 'dangerFullAccess' }))).toEqual(search(true));
    expect(await searchOf(thread, sandboxPolicy({ type: 'externalSandbox' }))).toEqual(search(false));
  });

  it('is shown as items, which reading the thread gives again', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'look it up');
    const request = await upstream.request();
    const call = { type: 'web_search_call', id: 'ws1', status: 'completed' };
    request.send(
      { type: 'response.output_item.added', output_index: 0, item: { ...call, status: 'in_progress' } },
      itemDone({ ...call, action: { type: 'search', query: 'roses' } }),
      completed('r'),
    );
    request.end();
    await endOf(daemon, turnId);
    const items = daemon
      .notifications('item/')
      .map(({ method, params }) => [method, params?.['item']] as const)
      .filter(([, item]) => (item as { type: string }).type === 'webSearch');
    const item = { type: 'webSearch', id: 'ws1', query: '', action: { type: 'other' } };
    const done = { ...item, query: 'roses', action: { type: 'search', query: 'roses', queries: null } };
    expect(items).toEqual([
      ['item/started', item],
      ['item/completed', done],
    ]);
    const { thread: read } = await daemon.request<{ thread: { turns: { items: object[] }[] } }>(
      'thread/read',
      { threadId, includeTurns: true },
    );
    expect(read.turns.flatMap(({ items: kept }) => kept)).toContainEqual(done);
    await wholeTurn(thread, 'go on');
    const { input } = await upstream.request(1);
    expect(input).toContainEqual({
      type: 'web_search_call',
      status: 'completed',
      action: { type: 'search', query: 'roses' },
    });
  });
});
