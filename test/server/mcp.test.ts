import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isLiveGroup } from '../../src/exec/live-group.ts';
import { openHttpServer } from '../mcp/support/http-server.ts';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import { completed, itemDone, ResponsesUpstream } from '../support/responses-upstream.ts';
import { callIn, itemsOf, mcpItem, stdio } from './mcp-calls.ts';
import { endOf, openThread, startTurn } from './turns.ts';
import type { OpenThread } from './turns.ts';

interface FunctionTool {
  /** Absent for tools of the provider's. */
  readonly name?: string;
}

async function toolNames({ upstream }: OpenThread, index = 0): Promise<string[]> {
  const request = await upstream.request(index);
  return (request.body['tools'] as FunctionTool[])
    .map(({ name }) => name ?? '')
    .filter((name) => name.startsWith('mcp__'));
}

const WALL_TIME = String.raw`Wall time: \d+\.\d{4} seconds`;

describe('servers of a thread', () => {
  it('are told as they start, and one that cannot be started does not stop the thread', async () => {
    const broken = '[mcp_servers.broken]\ncommand = "/no/such/program"\n';
    const { daemon } = await openThread({ top: '', provider: stdio('tools') + broken });
    await daemon.waitForNotification(
      'mcpServer/startupStatus/updated',
      ({ name, status }) => name === 'tools' && status === 'ready',
    );
    await daemon.waitForNotification(
      'mcpServer/startupStatus/updated',
      ({ name, status }) => name === 'broken' && status === 'failed',
    );
    const told = daemon.notifications('mcpServer/').map(({ params }) => params);
    expect(told.filter((params) => params?.['name'] === 'broken')).toEqual([
      { name: 'broken', status: 'starting', error: null },
      {
        name: 'broken',
        status: 'failed',
        error: 'MCP server `broken`: /no/such/program could not be started: spawn /no/such/program ENOENT',
      },
    ]);
    expect(told.filter((params) => params?.['name'] === 'tools')).toEqual([
      { name: 'tools', status: 'starting', error: null },
      { name: 'tools', status: 'ready', error: null },
    ]);
    const methods = daemon.messages.map(({ method }) => method);
    expect(methods.indexOf('thread/started')).toBeLessThan(
      methods.indexOf('mcpServer/startupStatus/updated'),
    );
  });

  it('are needed where they are required: threads are neither started nor resumed without', async () => {
    const upstream = await ResponsesUpstream.open();
    const first = await TestDaemon.open({ config: upstream.config() });
    const threadId = await first.startThread();
    const turn = { daemon: first, upstream, threadId };
    const turnId = await startTurn(turn, 'hello');
    (await upstream.request(0)).answer('m', ['hi']);
    await endOf(first, turnId);
    await first.stop();
    const config = upstream.config('', { provider: stdio('needed', 'required = true', 'exit') });
    const daemon = await TestDaemon.open({ config, home: first.home });
    const error = {
      code: -32_600,
      message:
        'required MCP servers failed to initialize: MCP server `needed`: it ended with code 7 and said: no access with nothing',
      data: { reason: 'requiredServersFailed' },
    };
    expect((await daemon.call('thread/start', {})).error).toEqual(error);
    expect((await daemon.call('thread/resume', { threadId })).error).toEqual(error);
    expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
    expect(daemon.notifications('thread/')).toEqual([]);
  });

  it('that hang hold no thread up, but the first request of a turn until they have failed', async () => {
    const thread = await openThread({ provider: stdio('slow', 'startup_timeout_sec = 1.5', 'hang') });
    await startTurn(thread, 'hello');
    expect(await toolNames(thread)).toEqual([]);
    const told = thread.daemon.notifications('mcpServer/').map(({ params }) => params?.['status']);
    expect(told).toEqual(['starting', 'failed']);
  });
});

describe('their tools', () => {
  it('are offered behind the built-in ones, as far as they are enabled', async () => {
    const enabled = 'enabled_tools = ["echo", "image", "fail"]\ndisabled_tools = ["fail"]';
    const off = stdio('off', 'enabled = false');
    const thread = await openThread({ provider: stdio('tools', enabled) + off });
    await startTurn(thread, 'hello');
    const request = await thread.upstream.request(0);
    const tools = request.body['tools'] as (FunctionTool & Record<string, unknown>)[];
    expect(tools.slice(-2)).toEqual([
      {
        type: 'function',
        name: 'mcp__tools__echo',
        description: 'Says it again.',
        strict: false,
        parameters: expect.objectContaining({
          type: 'object',
          properties: { words: { type: 'string' } },
          required: ['words'],
        }) as object,
      },
      {
        type: 'function',
        name: 'mcp__tools__image',
        description: 'Shows a pixel.',
        strict: false,
        parameters: expect.objectContaining({ type: 'object', properties: {} }) as object,
      },
    ]);
    expect(thread.daemon.notifications('mcpServer/').map(({ params }) => params?.['name'])).not.toContain(
      'off',
    );
  });

  it('of two servers have names of their own', async () => {
    const only = 'enabled_tools = ["echo"]';
    const thread = await openThread({ provider: stdio('"a.b"', only) + stdio('a_b', only) });
    await startTurn(thread, 'hello');
    const names = await toolNames(thread);
    expect(names).toEqual([
      expect.stringMatching(/^mcp__a_b__echo_[0-9a-f]{8}$/u),
      expect.stringMatching(/^mcp__a_b__echo_[0-9a-f]{8}$/u),
    ]);
    expect(new Set(names).size).toBe(2);
  });

  it('are called, and the call is shown as an item', async () => {
    const thread = await openThread({ provider: stdio('tools') });
    const { items, output } = await callIn(thread, 'mcp__tools__echo', { words: 'hello' });
    expect(output).toMatch(new RegExp(`^${WALL_TIME}\nOutput:\nhello$`, 'u'));
    const given = { arguments: { words: 'hello' } };
    const result = { content: [{ type: 'text', text: 'hello' }], structuredContent: null, _meta: null };
    const durationMs = expect.any(Number) as number;
    expect(items.map(({ params }) => params?.['item'])).toEqual([
      mcpItem('c0', 'echo', given),
      mcpItem('c0', 'echo', { ...given, status: 'completed', result, durationMs }),
    ]);
  });

  it('may answer with images, values and errors', async () => {
    const thread = await openThread({ provider: stdio('tools') });
    const image = await callIn(thread, 'mcp__tools__image');
    expect(image.output).toEqual([
      { type: 'input_text', text: expect.stringMatching(/Output:\na pixel$/u) as string },
      { type: 'input_image', image_url: expect.stringMatching(/^data:image\/png;base64,iVBOR/u) as string },
    ]);
    const structured = await callIn(thread, 'mcp__tools__structured');
    expect(structured.output).toMatch(/Output:\n\{"sum":3\}$/u);
    const failed = await callIn(thread, 'mcp__tools__fail');
    expect(failed.output).toMatch(
      new RegExp(`^${WALL_TIME}\nThe tool reports an error.\nOutput:\nthere is no such file$`, 'u'),
    );
    expect(failed.items.at(-1)?.params?.['item']).toMatchObject({
      status: 'failed',
      result: { content: [{ type: 'text', text: 'there is no such file' }] },
      error: null,
    });
    const long = await callIn(thread, 'mcp__tools__long');
    expect(long.output).toMatch(/x…40000 tokens truncated…x/u);
    const wrong = await callIn(thread, 'mcp__tools__echo', ['words']);
    expect(wrong.output).toMatch(/^failed to parse function arguments: /u);
    expect(wrong.items).toEqual([]);
  });

  it('fail where the server ends in the middle, and work again afterwards', async () => {
    const thread = await openThread({ provider: stdio('tools') });
    const message = 'MCP server `tools`: it ended with code 3 and said: fatal: out of luck';
    const died = await callIn(thread, 'mcp__tools__die');
    expect(died.output).toContain(message);
    expect(died.items.at(-1)?.params?.['item']).toEqual(
      mcpItem('c0', 'die', {
        status: 'failed',
        error: { message },
        durationMs: expect.any(Number) as number,
      }),
    );
    const { output } = await callIn(thread, 'mcp__tools__echo', { words: 'back' });
    expect(output).toMatch(/Output:\nback$/u);
  });

  it('are given up when they take too long', async () => {
    const thread = await openThread({ provider: stdio('tools', 'tool_timeout_sec = 0.5') });
    const { output } = await callIn(thread, 'mcp__tools__hang');
    expect(output).toContain('MCP server `tools`: no answer within 0.5 s');
    await thread.daemon.waitForNotification(
      'item/mcpToolCall/progress',
      (params) => params['message'] === 'hanging',
    );
  });

  it('are given up when the turn is interrupted', async () => {
    const thread = await openThread({ provider: stdio('tools') });
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'hang');
    const request = await upstream.request(0);
    request.send(
      itemDone({ type: 'function_call', name: 'mcp__tools__hang', arguments: '{}', call_id: 'c0' }),
      completed('r0'),
    );
    request.end();
    await daemon.waitForNotification('item/mcpToolCall/progress');
    await daemon.request('turn/interrupt', { threadId, turnId });
    expect((await endOf(daemon, turnId))['status']).toBe('interrupted');
    const error = { message: 'the turn was interrupted' };
    expect(itemsOf(daemon, 'c0').at(-1)?.params?.['item']).toEqual(
      mcpItem('c0', 'hang', { status: 'failed', error, durationMs: expect.any(Number) as number }),
    );
  });

  it('know the turn, the working directory and the variables that they are given', async () => {
    const more = 'env_vars = ["PASSED_TOKEN"]\nenv = { OWN = "own-value" }';
    const env = { PASSED_TOKEN: 'passed-value', OTHER_TOKEN: 'other-value' };
    const thread = await openThread({ provider: stdio('tools', more), env });
    const variable = async (name: string): Promise<unknown> =>
      (await callIn(thread, 'mcp__tools__variable', { name })).output;
    expect(await variable('PASSED_TOKEN')).toMatch(/\npassed-value$/u);
    expect(await variable('OWN')).toMatch(/\nown-value$/u);
    expect(await variable('OTHER_TOKEN')).toMatch(/\n\(not set\)$/u);
    expect((await callIn(thread, 'mcp__tools__where')).output).toContain(`\n${process.cwd()}`);
    const { output } = await callIn(thread, 'mcp__tools__meta');
    expect(output).toContain(`"thread_id":"${thread.threadId}"`);
  });

  it('are reached by streamable HTTP, and their secrets are in no log and no message', async () => {
    const remote = await openHttpServer();
    const http = `
[mcp_servers.tools]
url = "${remote.url}"
bearer_token_env_var = "MCP_TOKEN"
http_headers = { "X-Fixed" = "fixed-secret-value" }
env_http_headers = { "X-Variable" = "MCP_HEADER", "X-Missing" = "MCP_MISSING" }
`;
    const env = { MCP_TOKEN: 'token-secret-value', MCP_HEADER: 'header-secret-value', LOG_LEVEL: 'debug' };
    const thread = await openThread({ provider: http, env });
    const { output } = await callIn(thread, 'mcp__tools__echo', { words: 'hello' });
    expect(output).toMatch(/Output:\nhello$/u);
    const [{ headers } = { headers: {} }] = remote.requests;
    expect(headers).toMatchObject({
      authorization: 'Bearer token-secret-value',
      'x-fixed': 'fixed-secret-value',
      'x-variable': 'header-secret-value',
    });
    expect(headers).not.toHaveProperty('x-missing');
    remote.refuses = { status: 500, body: 'I was shown token-secret-value and fixed-secret-value' };
    const failed = await callIn(thread, 'mcp__tools__echo', { words: 'hello' });
    expect(failed.output).toContain('I was shown [redacted] and [redacted]');
    const said = JSON.stringify(thread.daemon.messages) + thread.daemon.stderr;
    expect(said).not.toContain('secret-value');
  });
});

describe('what servers ask', () => {
  it.each([
    [
      { action: 'accept', content: { color: 'blue' }, _meta: null },
      '{"action":"accept","content":{"color":"blue"}}',
    ],
    [{ action: 'decline', content: null, _meta: null }, '{"action":"decline"}'],
    [{ action: 'cancel', content: null, _meta: null }, '{"action":"cancel"}'],
  ])('is put to the client: %j', async (answer, told) => {
    const thread = await openThread({ provider: stdio('tools') });
    const { daemon, threadId } = thread;
    const called = callIn(thread, 'mcp__tools__ask');
    const method = 'mcpServer/elicitation/request';
    const question = await daemon.waitFor(method, (message) => message.method === method);
    const properties = { color: { type: 'string' } };
    expect(question.params).toEqual({
      threadId,
      turnId: expect.any(String) as string,
      serverName: 'tools',
      mode: 'form',
      message: 'Which color?',
      requestedSchema: { type: 'object', properties, required: ['color'] },
      _meta: null,
    });
    await daemon.waitForNotification(
      'thread/status/changed',
      ({ status }) => (status as { activeFlags?: string[] }).activeFlags?.[0] === 'waitingOnApproval',
    );
    daemon.write({ id: question.id, result: answer });
    const { output } = await called;
    expect(output).toContain(told);
    const methods = daemon.messages.map((message) => message.method);
    expect(methods.indexOf('serverRequest/resolved')).toBeLessThan(methods.lastIndexOf('item/completed'));
  });

  it('may be a visit to a page', async () => {
    const thread = await openThread({ provider: stdio('tools') });
    const called = callIn(thread, 'mcp__tools__visit');
    const method = 'mcpServer/elicitation/request';
    const question = await thread.daemon.waitFor(method, (message) => message.method === method);
    expect(question.params).toMatchObject({
      mode: 'url',
      message: 'Log in',
      url: 'https://example.com/login',
      elicitationId: 'e1',
    });
    thread.daemon.write({ id: question.id, result: { action: 'accept', content: null, _meta: null } });
    expect((await called).output).toContain('{"action":"accept"}');
  });

  it.each([
    'approval_policy = "never"',
    'approval_policy = { granular = { sandbox_approval = true, rules = true, mcp_elicitations = false } }',
  ])('is declined under %s', async (top) => {
    const thread = await openThread({ top, provider: stdio('tools') });
    const { output } = await callIn(thread, 'mcp__tools__ask');
    expect(output).toContain('{"action":"decline"}');
    expect(
      thread.daemon.messages.filter(({ method }) => method?.startsWith('mcpServer/elicitation')),
    ).toEqual([]);
  });

  it('is declined when the client that is asked cannot answer', async () => {
    const thread = await openThread({ provider: stdio('tools') });
    const called = callIn(thread, 'mcp__tools__ask');
    const method = 'mcpServer/elicitation/request';
    const question = await thread.daemon.waitFor(method, (message) => message.method === method);
    thread.daemon.write({ id: question.id, error: { code: -32_601, message: 'unknown method' } });
    expect((await called).output).toContain('{"action":"decline"}');
  });
});

it('of one server no more than four questions are put at a time, and the others are declined', async () => {
  const thread = await openThread({ provider: stdio('tools') });
  const { daemon } = thread;
  const called = callIn(thread, 'mcp__tools__ask-much', { questions: 200 });
  const method = 'mcpServer/elicitation/request';
  const asked = (): WireMessage[] => daemon.messages.filter((message) => message.method === method);
  await daemon.until('four questions', () => asked()[3]);
  for (const { id } of asked()) daemon.write({ id, result: { action: 'accept', content: {}, _meta: null } });
  const { output } = await called;
  expect(asked().map(({ params }) => params?.['message'])).toEqual([0, 1, 2, 3].map((n) => `Question ${n}`));
  const answers = [...Array<string>(4).fill('accept'), ...Array<string>(196).fill('decline')];
  expect((output as string).split('\n').at(-1)).toBe(answers.join(' '));
  expect(daemon.stderr.match(/MCP server asks too much at a time/gu)).toHaveLength(1);
});

describe('a result that is too large', () => {
  it('is shown and kept in part', async () => {
    const thread = await openThread({ provider: stdio('tools') });
    const { items, output } = await callIn(thread, 'mcp__tools__many', { texts: 12, images: 2 });
    const whole = Array.from({ length: 7 }, () => ({ type: 'text', text: 'y'.repeat(100_000) }));
    const short = `${'y'.repeat(20_000)}…15000 tokens truncated…${'y'.repeat(20_000)}`;
    const cut = '(The rest is left out here: the result has more than 1048576 bytes.)';
    expect((items.at(-1)?.params?.['item'] as { result: unknown }).result).toEqual({
      content: [...whole, { type: 'text', text: short }, { type: 'text', text: cut }],
      structuredContent: null,
      _meta: null,
    });
    expect(output).toHaveLength(3);
  });

  it('has eight images for the model', async () => {
    const thread = await openThread({ provider: stdio('tools') });
    const { output } = await callIn(thread, 'mcp__tools__many', { texts: 1, images: 11 });
    expect((output as { type: string }[]).map(({ type }) => type)).toEqual([
      'input_text',
      ...Array<string>(8).fill('input_image'),
      'input_text',
    ]);
    expect((output as unknown[]).at(-1)).toEqual({
      type: 'input_text',
      text: '(3 more images, left out: at most 8 are shown)',
    });
  });
});

describe('mcpServerStatus/list', () => {
  it('tells what the servers of the configuration offer', async () => {
    const remote = await openHttpServer();
    const config = [
      stdio('local', 'enabled_tools = ["echo"]'),
      stdio('off', 'enabled = false'),
      stdio('broken', '', 'exit'),
      `[mcp_servers.remote]\nurl = "${remote.url}"\nbearer_token_env_var = "MCP_TOKEN"\nenabled_tools = []`,
    ].join('\n');
    const daemon = await TestDaemon.open({ config, env: { MCP_TOKEN: 'token-secret-value' } });
    const nothing = { tools: {}, resources: [], resourceTemplates: [] };
    const offers = {
      resources: [{ name: 'note', uri: 'memo://note', mimeType: 'text/plain' }],
      resourceTemplates: [{ name: 'notes', uriTemplate: 'memo://{name}' }],
    };
    const echo = expect.objectContaining({ name: 'echo', description: 'Says it again.' }) as object;
    expect(await daemon.request('mcpServerStatus/list', {})).toEqual({
      data: [
        { name: 'broken', ...nothing, authStatus: 'unsupported' },
        { name: 'local', tools: { echo }, ...offers, authStatus: 'unsupported' },
        { name: 'off', ...nothing, authStatus: 'unsupported' },
        { name: 'remote', tools: {}, ...offers, authStatus: 'bearerToken' },
      ],
      nextCursor: null,
    });
    const short = { limit: 2, detail: 'toolsAndAuthOnly' };
    expect(await daemon.request('mcpServerStatus/list', short)).toEqual({
      data: [
        { name: 'broken', ...nothing, authStatus: 'unsupported' },
        { name: 'local', tools: { echo }, resources: [], resourceTemplates: [], authStatus: 'unsupported' },
      ],
      nextCursor: '2',
    });
  });
});

describe('the processes of servers', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('are gone when the daemon is ended by %s', async (signal) => {
    const thread = await openThread({ provider: stdio('tools') });
    const pid = Number(/\d+$/u.exec(String((await callIn(thread, 'mcp__tools__pid')).output))?.[0]);
    await callIn(thread, 'mcp__tools__child');
    expect(await isLiveGroup(pid)).toBe(true);
    thread.daemon.process.kill(signal);
    await thread.daemon.exited;
    await expect.poll(() => isLiveGroup(pid), { timeout: 10_000 }).toBe(false);
  });
});

describe('a daemon without servers', () => {
  it('does not load the SDK', () => {
    const program = readFileSync('dist/cli/main.js', 'utf8');
    expect(program).toContain('import("@modelcontextprotocol/sdk/client/index.js")');
    expect(program).not.toContain('StdioServerParameters');
  });
});
