import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLiveGroup } from '../../src/exec/live-group.ts';
import { STDIO_SERVER } from '../mcp/support/servers.ts';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import { callIn, stdio } from './mcp-calls.ts';
import { endOf, openThread, startTurn } from './turns.ts';
import type { OpenThread } from './turns.ts';

const NOTE = { uri: 'memo://note', text: 'remember' };
const IMAGE = {
  uri: 'page://1',
  mimeType: 'image/png',
  blob: expect.stringMatching(/^iVBOR/u) as string,
  _meta: { size: 1 },
};

const refusal = (code: number, message: string, reason: string): object => ({
  code,
  message,
  data: { reason },
});

describe('mcpServer/resource/read', () => {
  it('reads from the servers of a thread', async () => {
    const { daemon, threadId } = await openThread({ provider: stdio('tools') + stdio('pages', '', 'paged') });
    const read = (server: string, uri: string): Promise<object> =>
      daemon.request('mcpServer/resource/read', { threadId, server, uri });
    expect(await read('tools', 'memo://note')).toEqual({ contents: [NOTE] });
    expect(await read('pages', 'page://1')).toEqual({ contents: [IMAGE] });
    expect(daemon.notifications('item/')).toEqual([]);
  });

  it('reads from a server of the configuration without a thread, and tells nobody of it', async () => {
    const config = stdio('tools') + stdio('off', 'enabled = false') + stdio('broken', '', 'exit');
    const daemon = await TestDaemon.open({ config });
    const read = (params: object): Promise<WireMessage> =>
      daemon.call('mcpServer/resource/read', { server: 'tools', uri: NOTE.uri, ...params });
    expect((await read({})).result).toEqual({ contents: [NOTE] });
    expect((await read({ threadId: null })).result).toEqual({ contents: [NOTE] });
    expect((await read({ server: 'other' })).error).toEqual(
      refusal(
        -32_600,
        'MCP server not found: `other`; there are `tools`, `off`, `broken`',
        'mcpServerNotFound',
      ),
    );
    expect((await read({ server: 'off' })).error).toEqual(
      refusal(-32_603, 'MCP server `off`: it is not enabled', 'mcpRequestFailed'),
    );
    expect((await read({ server: 'broken' })).error).toEqual(
      refusal(
        -32_603,
        'MCP server `broken`: it ended with code 7 and said: no access with nothing',
        'mcpRequestFailed',
      ),
    );
    expect(daemon.notifications('mcpServer/')).toEqual([]);
  });

  it('refuses what cannot be read', async () => {
    const { daemon, threadId } = await openThread({ provider: stdio('pages', '', 'paged') });
    const read = (params: object): Promise<WireMessage> =>
      daemon.call('mcpServer/resource/read', { threadId, server: 'pages', uri: 'page://9', ...params });
    expect((await read({})).error).toEqual(
      refusal(
        -32_603,
        expect.stringMatching(/^MCP server `pages`: .*no such page: page:\/\/9$/u) as string,
        'mcpRequestFailed',
      ),
    );
    expect((await read({ server: '' })).error).toEqual(
      refusal(-32_600, 'MCP server not found: ``; there are `pages`', 'mcpServerNotFound'),
    );
    const stranger = '01a1fc60-0000-7000-8000-000000000000';
    expect((await read({ threadId: stranger })).error).toEqual(
      refusal(-32_600, `thread not found: ${stranger}`, 'threadNotFound'),
    );
    expect((await daemon.call('mcpServer/resource/read', { server: 'pages' })).error).toEqual({
      code: -32_600,
      message: 'Invalid request: missing field `uri`',
      data: { reason: 'invalidParams', path: ['uri'] },
    });
  });

  it('holds up no other request of the thread', async () => {
    const thread = await openThread({ provider: stdio('pages', 'tool_timeout_sec = 1.5', 'paged') });
    const { daemon, threadId } = thread;
    const read = daemon.call('mcpServer/resource/read', { threadId, server: 'pages', uri: 'page://hang' });
    await callIn(thread, 'read_mcp_resource', { server: 'pages', uri: 'page://1' });
    expect((await read).error).toEqual(
      refusal(-32_603, 'MCP server `pages`: no answer within 1.5 s', 'mcpRequestFailed'),
    );
  });
});

describe('mcpServer/tool/call', () => {
  const caller =
    ({ daemon, threadId }: OpenThread) =>
    (tool: string, more: object = {}): Promise<WireMessage> =>
      daemon.call('mcpServer/tool/call', { threadId, server: 'tools', tool, ...more });

  it('gives what the tool says, and shows nothing of it in the thread', async () => {
    const thread = await openThread({ provider: stdio('tools') });
    const call = caller(thread);
    expect((await call('echo', { arguments: { words: 'hello' } })).result).toEqual({
      content: [{ type: 'text', text: 'hello' }],
    });
    expect((await call('structured', { arguments: null })).result).toEqual({
      content: [],
      structuredContent: { sum: 3 },
    });
    expect((await call('fail')).result).toEqual({
      content: [{ type: 'text', text: 'there is no such file' }],
      isError: true,
    });
    const meta = await call('meta', { _meta: { from: 'client' } });
    const [said] = (meta.result as { content: { text: string }[] }).content;
    expect(JSON.parse(said?.text ?? '')).toMatchObject({ from: 'client' });
    expect(thread.daemon.notifications('item/')).toEqual([]);
    expect(thread.daemon.notifications('turn/')).toEqual([]);
  });

  it('refuses what cannot be called', async () => {
    const more = 'disabled_tools = ["image"]\ntool_timeout_sec = 0.5';
    const token = '[mcp_servers.locked]\nurl = "http://127.0.0.1:1/"\nbearer_token_env_var = "NO_TOKEN"\n';
    const call = caller(await openThread({ provider: stdio('tools', more) + token }));
    const errorOf = async (tool: string, params: object = {}): Promise<unknown> =>
      (await call(tool, params)).error;
    const failed = (message: string): object => refusal(-32_603, message, 'mcpRequestFailed');
    expect(await errorOf('image')).toEqual(failed('MCP server `tools`: the tool `image` is not enabled'));
    expect(await errorOf('hang')).toEqual(failed('MCP server `tools`: no answer within 0.5 s'));
    expect(await errorOf('echo', { server: 'locked' })).toEqual(
      failed('MCP server `locked`: the environment variable NO_TOKEN holds no token'),
    );
    expect(await errorOf('echo', { server: 'other' })).toEqual(
      refusal(-32_600, 'MCP server not found: `other`; there are `tools`, `locked`', 'mcpServerNotFound'),
    );
    expect(await errorOf('echo', { arguments: ['hello'] })).toEqual(
      refusal(-32_600, 'arguments must be an object', 'invalidInput'),
    );
    expect(await errorOf('echo', { _meta: 'hello' })).toEqual(
      refusal(-32_600, '_meta must be an object', 'invalidInput'),
    );
  });

  it('lets the server ask the user, outside any turn', async () => {
    const thread = await openThread({ provider: stdio('tools') });
    const { daemon, threadId } = thread;
    const called = caller(thread)('ask');
    const method = 'mcpServer/elicitation/request';
    const question = await daemon.waitFor(method, (message) => message.method === method);
    expect(question.params).toMatchObject({ threadId, turnId: null, serverName: 'tools' });
    daemon.write({ id: question.id, result: { action: 'accept', content: { color: 'red' }, _meta: null } });
    expect((await called).result).toEqual({
      content: [{ type: 'text', text: '{"action":"accept","content":{"color":"red"}}' }],
    });
  });

  it('does not let the server ask on behalf of the turn that works with it as well', async () => {
    const thread = await openThread({ provider: stdio('tools') });
    const { daemon } = thread;
    const questions = (count: number): Promise<WireMessage[]> =>
      daemon.until(`${count} questions`, () => {
        const asked = daemon.messages.filter(({ method }) => method === 'mcpServer/elicitation/request');
        return asked.length >= count ? asked : undefined;
      });
    const inTurn = callIn(thread, 'mcp__tools__ask');
    const [first] = await questions(1);
    const ofClient = caller(thread)('ask');
    const [, second] = await questions(2);
    expect([first, second].map((question) => question?.params?.['turnId'])).toEqual([
      expect.any(String),
      null,
    ]);
    for (const question of [first, second]) {
      daemon.write({ id: question?.id, result: { action: 'decline', content: null, _meta: null } });
    }
    expect((await inTurn).output).toContain('decline');
    expect((await ofClient).result).toEqual({ content: [{ type: 'text', text: '{"action":"decline"}' }] });
  });
});

describe('config/mcpServer/reload', () => {
  interface Reloadable extends OpenThread {
    readonly write: (servers: string) => void;
    readonly ready: (name: string, count?: number) => Promise<unknown>;
  }

  async function openReloadable(servers: string): Promise<Reloadable> {
    const thread = await openThread({ provider: servers });
    const { daemon, upstream } = thread;
    const write = (provider: string): void =>
      writeFileSync(join(daemon.home, 'config.toml'), upstream.config('', { model: 'gpt-5.5', provider }));
    const ready = (name: string, count = 1): Promise<unknown> =>
      daemon.until(`${name} to be ready`, () => {
        const updates = daemon.notifications('mcpServer/startupStatus/updated');
        const reached = updates.filter(
          ({ params }) => params?.['name'] === name && params['status'] === 'ready',
        );
        return reached.length >= count ? reached : undefined;
      });
    return { ...thread, write, ready };
  }

  async function pidOf({ daemon, threadId }: OpenThread, server: string): Promise<string> {
    const params = { threadId, server, tool: 'pid' };
    const { content } = await daemon.request<{ content: { text: string }[] }>('mcpServer/tool/call', params);
    return content[0]?.text ?? '';
  }

  const updatesOf = (daemon: TestDaemon): unknown[] =>
    daemon.notifications('mcpServer/startupStatus/updated').map(({ params }) => params);

  it('keeps what is the same, starts what is new or has changed, and ends what is gone', async () => {
    const thread = await openReloadable(stdio('same') + stdio('changed') + stdio('gone'));
    const { daemon, ready, threadId, write } = thread;
    await Promise.all(['same', 'changed', 'gone'].map((name) => ready(name)));
    const same = await pidOf(thread, 'same');
    const changed = await pidOf(thread, 'changed');
    const ended = await pidOf(thread, 'gone');
    const told = updatesOf(daemon).length;
    write(stdio('same', 'disabled_tools = ["echo"]') + stdio('changed', 'env = { A = "b" }') + stdio('new'));
    expect(await daemon.request('config/mcpServer/reload')).toEqual({});
    await Promise.all([ready('changed', 2), ready('new')]);
    expect(updatesOf(daemon).slice(told)).toEqual(
      expect.arrayContaining([
        { name: 'changed', status: 'starting', error: null },
        { name: 'changed', status: 'ready', error: null },
        { name: 'new', status: 'starting', error: null },
        { name: 'new', status: 'ready', error: null },
      ]),
    );
    expect(updatesOf(daemon)).toHaveLength(told + 4);
    expect(await pidOf(thread, 'same')).toBe(same);
    expect(await pidOf(thread, 'changed')).not.toBe(changed);
    for (const pid of [changed, ended])
      await expect.poll(() => isLiveGroup(Number(pid)), { timeout: 10_000 }).toBe(false);
    const gone = await daemon.call('mcpServer/tool/call', { threadId, server: 'gone', tool: 'pid' });
    expect(gone.error).toEqual(
      refusal(
        -32_600,
        'MCP server not found: `gone`; there are `same`, `changed`, `new`',
        'mcpServerNotFound',
      ),
    );
    const echo = { threadId, server: 'same', tool: 'echo', arguments: { words: 'x' } };
    expect((await daemon.call('mcpServer/tool/call', echo)).error).toMatchObject({
      message: 'MCP server `same`: the tool `echo` is not enabled',
    });
    const { output } = await callIn(thread, 'mcp__new__echo', { words: 'hello' });
    expect(output).toMatch(/Output:\nhello$/u);
  });

  it('tries servers again that have failed', async () => {
    const thread = await openReloadable(stdio('tools', '', 'exit'));
    const { daemon, ready, write } = thread;
    await daemon.waitForNotification('mcpServer/startupStatus/updated', ({ status }) => status === 'failed');
    await daemon.request('config/mcpServer/reload');
    await daemon.until('a second failure', () => (updatesOf(daemon).length >= 4 ? true : undefined));
    write(stdio('tools'));
    await daemon.request('config/mcpServer/reload');
    await ready('tools');
    const error = 'MCP server `tools`: it ended with code 7 and said: no access with nothing';
    expect(updatesOf(daemon)).toEqual([
      { name: 'tools', status: 'starting', error: null },
      { name: 'tools', status: 'failed', error },
      { name: 'tools', status: 'starting', error: null },
      { name: 'tools', status: 'failed', error },
      { name: 'tools', status: 'starting', error: null },
      { name: 'tools', status: 'ready', error: null },
    ]);
  });

  it('leaves a running turn its servers, and the next one has the new ones', async () => {
    const thread = await openReloadable(stdio('old', 'enabled_tools = ["echo"]'));
    const { daemon, ready, threadId, upstream, write } = thread;
    await ready('old');
    const turnId = await startTurn(thread, 'hello');
    const request = await upstream.request(0);
    write(stdio('new', 'enabled_tools = ["echo"]'));
    expect(await daemon.request('config/mcpServer/reload')).toEqual({});
    const call = { threadId, server: 'old', tool: 'echo', arguments: { words: 'still there' } };
    expect((await daemon.call('mcpServer/tool/call', call)).error).toBeUndefined();
    expect(updatesOf(daemon)).toHaveLength(2);
    request.answer('m0', ['hi']);
    await endOf(daemon, turnId);
    await startTurn(thread, 'again');
    const { body } = await upstream.request(1);
    const names = (body['tools'] as { name?: string }[]).map(({ name }) => name ?? '');
    expect(names.filter((name) => name.startsWith('mcp__'))).toEqual(['mcp__new__echo']);
  });

  it('reaches every thread, each with what its own configuration adds', async () => {
    const thread = await openReloadable('');
    const { daemon, ready, threadId, write } = thread;
    const own = { command: process.execPath, args: [STDIO_SERVER, 'serve'] };
    const other = { ...thread, threadId: await daemon.startThread({ config: { mcp_servers: { own } } }) };
    const before = await pidOf(other, 'own');
    write(stdio('tools'));
    await daemon.request('config/mcpServer/reload');
    await ready('tools', 2);
    expect(await pidOf(thread, 'tools')).not.toBe(await pidOf(other, 'tools'));
    expect(await pidOf(other, 'own')).toBe(before);
    const params = { threadId, server: 'own', tool: 'pid' };
    expect((await daemon.call('mcpServer/tool/call', params)).error).toEqual(
      refusal(-32_600, 'MCP server not found: `own`; there are `tools`', 'mcpServerNotFound'),
    );
  });

  it('changes nothing where the configuration cannot be used', async () => {
    const thread = await openReloadable(stdio('tools'));
    const { daemon, ready, write } = thread;
    await ready('tools');
    const before = await pidOf(thread, 'tools');
    write('[mcp_servers.tools]\ncommand = 5\n');
    expect((await daemon.call('config/mcpServer/reload')).error).toEqual(
      refusal(
        -32_600,
        expect.stringMatching(
          /^failed to load configuration: .*mcp_servers\.tools\.command: expected a string, found a whole number$/u,
        ) as string,
        'configurationInvalid',
      ),
    );
    expect(await pidOf(thread, 'tools')).toBe(before);
    expect((await daemon.call('config/mcpServer/reload', {})).error).toMatchObject({
      message: 'Invalid request: invalid type: map, expected unit',
    });
  });
});

describe('more requests than servers can be asked at once', () => {
  it('are refused, and none of them is lost', async () => {
    const { daemon, threadId } = await openThread({
      provider: stdio('pages', 'tool_timeout_sec = 1', 'paged'),
    });
    const read = (uri: string): Promise<WireMessage> =>
      daemon.call('mcpServer/resource/read', { threadId, server: 'pages', uri });
    await read('page://1');
    const hanging = Array.from({ length: 64 }, () => read('page://hang'));
    expect((await read('page://1')).error).toEqual(
      refusal(-32_001, '64 requests wait for MCP servers already. Retry later.', 'server_overloaded'),
    );
    const errors = (await Promise.all(hanging)).map(({ error }) => error?.message);
    expect(new Set(errors)).toEqual(new Set(['MCP server `pages`: no answer within 1 s']));
    expect((await read('page://1')).result).toEqual({ contents: [IMAGE] });
  });
});
