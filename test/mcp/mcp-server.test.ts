import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ElicitationRequest } from '../../src/mcp/index.ts';
import { isLiveGroup } from '../../src/exec/live-group.ts';
import { openHttpServer } from './support/http-server.ts';
import { callTool, httpSettings, openServer, stdioSettings, textOf } from './support/servers.ts';

describe('a server that is a program', () => {
  it('starts, offers its tools and answers calls', async () => {
    const { server, statuses } = openServer(stdioSettings());
    expect(await server.start()).toBeNull();
    expect(statuses).toEqual([
      ['starting', null],
      ['ready', null],
    ]);
    expect(server.tools.map(({ name }) => name)).toContain('echo');
    expect(await callTool(server, 'echo', { words: 'hello' })).toEqual({
      content: [{ type: 'text', text: 'hello' }],
    });
  });

  it('may print what is no message', async () => {
    const { server } = openServer(stdioSettings('noisy'));
    expect(await server.start()).toBeNull();
    expect(await textOf(callTool(server, 'echo', { words: 'hello' }))).toBe('hello');
  });

  it('fails where the program is missing', async () => {
    const settings = stdioSettings();
    const argv = ['/no/such/program'];
    const transport = { kind: 'stdio' as const, argv, cwd: process.cwd(), env: {} };
    const { server, statuses } = openServer({ ...settings, transport });
    const failure =
      'MCP server `tools`: /no/such/program could not be started: spawn /no/such/program ENOENT';
    expect(await server.start()).toBe(failure);
    expect(statuses).toEqual([
      ['starting', null],
      ['failed', failure],
    ]);
  });

  it('fails with its last words, without secrets, when it ends at once', async () => {
    const settings = stdioSettings('exit', { secrets: ['hush-hush-hush'] });
    const transport = { ...settings.transport, env: { TEST_TOKEN: 'hush-hush-hush' } } as never;
    const { log, server, statuses } = openServer({ ...settings, transport });
    const failure = 'MCP server `tools`: it ended with code 7 and said: no access with [redacted]';
    expect(await server.start()).toBe(failure);
    expect(statuses).toEqual([
      ['starting', null],
      ['failed', failure],
    ]);
    expect(log.join('\n')).not.toContain('hush');
  });

  it('fails when it does not answer in time, and is ended', async () => {
    const { groups, server } = openServer(stdioSettings('hang', { startupTimeoutMs: 1_500 }));
    expect(await server.start()).toBe('MCP server `tools`: no answer within 1.5 s; its last words: thinking');
    await server.close();
    expect(groups.ids).toEqual([]);
  });

  it('fails when it prints without end, with bounded memory', async () => {
    const { server } = openServer(stdioSettings('flood'));
    expect(await server.start()).toMatch(/^MCP server `tools`: /u);
  });

  it('fails when nothing of what it prints is a message', async () => {
    const { groups, server } = openServer(stdioSettings('stray'));
    expect(await server.start()).toBe(
      'MCP server `tools`: it has printed 100 lines in a row that are no messages',
    );
    await server.close();
    expect(groups.ids).toEqual([]);
  });

  it('fails when it wants to be answered, and does not read the answers', async () => {
    const { groups, server } = openServer(stdioSettings('deaf'));
    expect(await server.start()).toBe(
      'MCP server `tools`: it does not read what it is sent: 1024 messages wait for it',
    );
    await server.close();
    expect(groups.ids).toEqual([]);
  });

  it('is cancelled when it is closed while it starts', async () => {
    const { groups, server, statuses } = openServer(stdioSettings('hang'));
    const started = server.start();
    await server.close();
    expect(await started).toBe('MCP server `tools`: it is not wanted any more');
    expect(statuses).toEqual([
      ['starting', null],
      ['cancelled', null],
    ]);
    expect(groups.ids).toEqual([]);
    await expect(callTool(server, 'echo')).rejects.toThrow('it is not wanted any more');
  });

  it('leaves no process behind, not even a child that ignores SIGTERM', async () => {
    const { groups, server } = openServer(stdioSettings());
    await callTool(server, 'child');
    const [group] = groups.ids;
    expect(await isLiveGroup(group ?? 0)).toBe(true);
    await server.close();
    expect(await isLiveGroup(group ?? 0)).toBe(false);
  });

  it('fails a call in whose middle it ends, and is started again for the next one', async () => {
    const { server, statuses, until } = openServer(stdioSettings());
    const first = await textOf(callTool(server, 'pid'));
    const failure = 'MCP server `tools`: it ended with code 3 and said: fatal: out of luck';
    await expect(callTool(server, 'die')).rejects.toThrow(failure);
    await until(() => statuses.length === 3);
    expect(server.tools.length).toBeGreaterThan(0);
    expect(await textOf(callTool(server, 'pid'))).not.toBe(first);
    expect(statuses).toEqual([
      ['starting', null],
      ['ready', null],
      ['failed', failure],
      ['starting', null],
      ['ready', null],
    ]);
  });

  it('lists its tools again when they have changed', async () => {
    const { server } = openServer(stdioSettings());
    await server.start();
    expect(server.tools.map(({ name }) => name)).not.toContain('late');
    await callTool(server, 'more');
    await expect.poll(() => server.tools.map(({ name }) => name)).toContain('late');
  });
});

describe('a call', () => {
  it('is given up after its time, and tells how far it was', async () => {
    const { server } = openServer(stdioSettings('serve', { toolTimeoutMs: 500 }));
    await server.start();
    const progress: string[] = [];
    const call = callTool(server, 'hang', {}, { onProgress: (message) => void progress.push(message) });
    await expect(call).rejects.toThrow('MCP server `tools`: no answer within 0.5 s');
    expect(progress).toEqual(['hanging']);
    expect(await textOf(callTool(server, 'echo', { words: 'still here' }))).toBe('still here');
  });

  it('is given up when its signal aborts', async () => {
    const { server } = openServer(stdioSettings());
    const reason = new Error('enough');
    const over = new AbortController();
    const call = callTool(
      server,
      'hang',
      {},
      {
        signal: over.signal,
        onProgress: () => over.abort(reason),
      },
    );
    await expect(call).rejects.toBe(reason);
    await expect(callTool(server, 'echo', {}, { signal: over.signal })).rejects.toBe(reason);
  });

  it('of a tool that there is not gives the words of the server', async () => {
    const { server } = openServer(stdioSettings());
    expect(await callTool(server, 'nothing')).toMatchObject({ isError: true });
  });

  it('gives results of every kind as they are', async () => {
    const { server } = openServer(stdioSettings());
    expect(await callTool(server, 'structured')).toEqual({ content: [], structuredContent: { sum: 3 } });
    expect(await callTool(server, 'fail')).toEqual({
      content: [{ type: 'text', text: 'there is no such file' }],
      isError: true,
    });
  });
});

describe('the resources of a server', () => {
  const signal = new AbortController().signal;

  it('are listed page by page and all at once', async () => {
    const { server } = openServer(stdioSettings('paged'));
    const page = (number: number): object => ({ name: `page ${number}`, uri: `page://${number}` });
    expect(await server.resourcePage(null, signal)).toEqual({ entries: [page(1)], nextCursor: '2' });
    expect(await server.resourcePage('3', signal)).toEqual({ entries: [page(3)], nextCursor: null });
    expect(await server.listResources(signal)).toEqual([page(1), page(2), page(3)]);
    const templates = [{ name: 'any page', uriTemplate: 'page://{number}' }];
    expect(await server.resourceTemplatePage(null, signal)).toEqual({ entries: templates, nextCursor: null });
    expect(await server.listResourceTemplates(signal)).toEqual(templates);
  });

  it('are read', async () => {
    const { server } = openServer(stdioSettings('paged', { toolTimeoutMs: 500 }));
    expect(await server.readResource('page://1', signal)).toEqual([
      {
        uri: 'page://1',
        mimeType: 'image/png',
        blob: expect.stringMatching(/^iVBOR/u) as string,
        _meta: { size: 1 },
      },
    ]);
    await expect(server.readResource('page://9', signal)).rejects.toThrow('no such page: page://9');
    await expect(server.readResource('page://hang', signal)).rejects.toThrow(
      'MCP server `tools`: no answer within 0.5 s',
    );
  });

  it('are given up when the signal aborts', async () => {
    const { server } = openServer(stdioSettings('paged'));
    await server.start();
    const abort = new AbortController();
    const read = server.readResource('page://hang', abort.signal);
    abort.abort(new Error('not any more'));
    await expect(read).rejects.toThrow('not any more');
  });

  it('are asked for again in a new session where the server has forgotten the old one', async () => {
    const remote = await openHttpServer();
    const { server } = openServer(httpSettings(remote.url));
    await server.start();
    remote.forget();
    expect(await server.readResource('memo://note', signal)).toEqual([
      { uri: 'memo://note', text: 'remember' },
    ]);
  });
});

describe('what a server asks', () => {
  it.each([
    ['accept', { color: 'blue' }, { action: 'accept', content: { color: 'blue' } }],
    ['decline', null, { action: 'decline' }],
    ['cancel', null, { action: 'cancel' }],
  ] as const)('is answered with %s', async (action, content, told) => {
    const asked: ElicitationRequest[] = [];
    const { server } = openServer(stdioSettings(), (request) => {
      asked.push(request);
      return Promise.resolve({ action, content, meta: null });
    });
    expect(JSON.parse(await textOf(callTool(server, 'ask')))).toEqual(told);
    const properties = { color: { type: 'string' } };
    const requestedSchema = { type: 'object', properties, required: ['color'] };
    expect(asked).toEqual([{ mode: 'form', message: 'Which color?', requestedSchema, meta: null }]);
  });

  it('may be a visit to a page', async () => {
    const asked: ElicitationRequest[] = [];
    const { server } = openServer(stdioSettings(), (request) => {
      asked.push(request);
      return Promise.resolve({ action: 'accept', content: null, meta: null });
    });
    expect(JSON.parse(await textOf(callTool(server, 'visit')))).toEqual({ action: 'accept' });
    const url = 'https://example.com/login';
    expect(asked).toEqual([{ mode: 'url', message: 'Log in', url, elicitationId: 'e1', meta: null }]);
  });

  it('does not count as time of the call', async () => {
    const { server } = openServer(stdioSettings('serve', { toolTimeoutMs: 60_000 }), () => {
      vi.advanceTimersByTime(180_000);
      return Promise.resolve({ action: 'decline', content: null, meta: null });
    });
    await server.start();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    expect(await textOf(callTool(server, 'ask'))).toBe('{"action":"decline"}');
  });
});

describe('a server by streamable HTTP', () => {
  it('is sent its headers, and answers calls', async () => {
    const { requests, url } = await openHttpServer();
    const headers = { authorization: 'Bearer hush-hush-hush' };
    const { server } = openServer(httpSettings(url, { transport: { kind: 'http', url, headers } }));
    expect(await server.start()).toBeNull();
    expect(await textOf(callTool(server, 'echo', { words: 'over there' }))).toBe('over there');
    expect(requests.every((request) => request.headers.authorization === headers.authorization)).toBe(true);
    await server.close();
    expect(requests.at(-1)?.method).toBe('DELETE');
  });

  it('is asked again in a new session when it has forgotten the old one', async () => {
    const remote = await openHttpServer();
    const { server, statuses } = openServer(httpSettings(remote.url));
    await server.start();
    remote.forget();
    expect(await textOf(callTool(server, 'echo', { words: 'again' }))).toBe('again');
    expect(statuses.map(([status]) => status)).toEqual(['starting', 'ready', 'starting', 'ready']);
  });

  it('fails with its words, without secrets', async () => {
    const remote = await openHttpServer();
    remote.refuses = { status: 401, body: 'the token hush-hush-hush is not known' };
    const { log, server } = openServer(httpSettings(remote.url, { secrets: ['hush-hush-hush'] }));
    const failure = await server.start();
    expect(failure).toMatch(/^MCP server `tools`: .*the token \[redacted\] is not known/u);
    expect(`${failure}${log.join('')}`).not.toContain('hush');
  });

  it('is not followed to another place', async () => {
    const elsewhere = await openHttpServer();
    const remote = await openHttpServer();
    remote.refuses = { status: 307, body: '', headers: { location: elsewhere.url } };
    const { server } = openServer(httpSettings(remote.url));
    expect(await server.start()).toMatch(/^MCP server `tools`: /u);
    expect(elsewhere.requests).toEqual([]);
  });

  it('fails where nobody listens', async () => {
    const { server } = openServer(httpSettings('http://127.0.0.1:9/mcp'));
    expect(await server.start()).toMatch(/^MCP server `tools`: fetch failed: /u);
  });
});
