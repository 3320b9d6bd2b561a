import { describe, expect, it } from 'vitest';
import { completed, itemDone } from '../support/responses-upstream.ts';
import { callIn, itemsOf, mcpItem, stdio } from './mcp-calls.ts';
import { endOf, openThread, startTurn } from './turns.ts';

const NOTE = { name: 'note', uri: 'memo://note', mimeType: 'text/plain' };
const PAGE = { name: 'page 1', uri: 'page://1' };

/** The item of a call that gave the model this text. */
function doneItem(id: string, server: string, tool: string, args: object, text: unknown): object {
  return mcpItem(id, tool, {
    server,
    arguments: args,
    status: 'completed',
    result: { content: [{ type: 'text', text }], structuredContent: null, _meta: null },
    durationMs: expect.any(Number) as number,
  });
}

function failedItem(id: string, server: string, tool: string, args: object, message: unknown): object {
  return mcpItem(id, tool, {
    server,
    arguments: args,
    status: 'failed',
    error: { message },
    durationMs: expect.any(Number) as number,
  });
}

describe('the tools for resources', () => {
  it('are offered behind those for commands, where there are servers', async () => {
    const thread = await openThread({ provider: stdio('tools', 'enabled_tools = []') });
    await startTurn(thread, 'hello');
    const { body } = await thread.upstream.request(0);
    const tools = body['tools'] as { name?: string }[];
    expect(tools.map(({ name }) => name).slice(0, 6)).toEqual([
      'exec_command',
      'write_stdin',
      'list_mcp_resources',
      'list_mcp_resource_templates',
      'read_mcp_resource',
      'update_plan',
    ]);
    expect(tools[4]).toEqual({
      type: 'function',
      name: 'read_mcp_resource',
      description: expect.any(String) as string,
      strict: false,
      parameters: {
        type: 'object',
        properties: {
          server: { type: 'string', description: expect.any(String) as string },
          uri: { type: 'string', description: expect.any(String) as string },
        },
        required: ['server', 'uri'],
        additionalProperties: false,
      },
    });
  });

  it('are not offered without servers, and then answered as any tool that there is not', async () => {
    const thread = await openThread({ provider: stdio('off', 'enabled = false') });
    const { items, output } = await callIn(thread, 'list_mcp_resources');
    expect(output).toBe('unsupported call: list_mcp_resources');
    expect(items).toEqual([]);
    const { body } = await thread.upstream.request(0);
    const names = (body['tools'] as { name?: string }[]).map(({ name }) => name);
    expect(names.filter((name) => name?.includes('mcp'))).toEqual([]);
  });

  it('list what all servers have, whatever one of them cannot tell', async () => {
    const provider = stdio('tools') + stdio('pages', '', 'paged') + stdio('broken', '', 'exit');
    const thread = await openThread({ provider });
    const { items, output } = await callIn(thread, 'list_mcp_resources');
    const error = 'MCP server `broken`: it ended with code 7 and said: no access with nothing';
    expect(JSON.parse(output as string)).toEqual({
      resources: [
        { ...NOTE, server: 'tools' },
        { ...PAGE, server: 'pages' },
        { name: 'page 2', uri: 'page://2', server: 'pages' },
        { name: 'page 3', uri: 'page://3', server: 'pages' },
      ],
      failed: [{ server: 'broken', error }],
    });
    expect(items.map(({ params }) => params?.['item'])).toEqual([
      mcpItem('c0', 'list_mcp_resources', { server: 'codex' }),
      doneItem('c0', 'codex', 'list_mcp_resources', {}, output),
    ]);
  });

  it('list the pages of one server', async () => {
    const thread = await openThread({ provider: stdio('tools') + stdio('pages', '', 'paged') });
    const first = await callIn(thread, 'list_mcp_resources', { server: 'pages' });
    expect(first.output).toBe(
      '{"server":"pages","resources":[{"name":"page 1","uri":"page://1","server":"pages"}],"nextCursor":"2"}',
    );
    const last = await callIn(thread, 'list_mcp_resources', { server: 'pages', cursor: '3' });
    expect(last.output).toBe(
      '{"server":"pages","resources":[{"name":"page 3","uri":"page://3","server":"pages"}]}',
    );
    const templates = await callIn(thread, 'list_mcp_resource_templates', { server: 'tools' });
    expect(templates.output).toBe(
      '{"server":"tools","resourceTemplates":[{"name":"notes","uriTemplate":"memo://{name}","server":"tools"}]}',
    );
    expect(templates.items.at(-1)?.params?.['item']).toEqual(
      doneItem('c4', 'tools', 'list_mcp_resource_templates', { server: 'tools' }, templates.output),
    );
  });

  it('read a resource, as much of it as a model can take', async () => {
    const thread = await openThread({ provider: stdio('tools') + stdio('pages', '', 'paged') });
    const args = { server: 'tools', uri: 'memo://note' };
    const { items, output } = await callIn(thread, 'read_mcp_resource', args);
    expect(output).toBe(
      '{"server":"tools","uri":"memo://note","contents":[{"uri":"memo://note","text":"remember"}]}',
    );
    expect(items.map(({ params }) => params?.['item'])).toEqual([
      mcpItem('c0', 'read_mcp_resource', { arguments: args }),
      doneItem('c0', 'tools', 'read_mcp_resource', args, output),
    ]);
    const long = await callIn(thread, 'read_mcp_resource', { server: 'pages', uri: 'page://long' });
    expect(long.output).toMatch(/x…\d+ tokens truncated…x/u);
  });

  it.each([
    [
      'list_mcp_resources',
      { server: 'other' },
      'other',
      'MCP server not found: `other`; there are `tools`, `pages`',
    ],
    [
      'list_mcp_resource_templates',
      { cursor: '2' },
      'codex',
      'a cursor belongs to one server, which has to be named too',
    ],
    [
      'read_mcp_resource',
      { server: 'pages', uri: 'page://9' },
      'pages',
      expect.stringMatching(/^MCP server `pages`: .*no such page: page:\/\/9$/u),
    ],
    [
      'read_mcp_resource',
      { server: 'pages', uri: 'page://hang' },
      'pages',
      'MCP server `pages`: no answer within 0.5 s',
    ],
  ])('say why there is nothing: %s %j', async (tool, args, server, message) => {
    const pages = stdio('pages', 'tool_timeout_sec = 0.5', 'paged');
    const thread = await openThread({ provider: stdio('tools') + pages });
    const { items, output, turn } = await callIn(thread, tool, args);
    expect(output).toEqual(message);
    expect(items.map(({ params }) => params?.['item'])).toEqual([
      mcpItem('c0', tool, { server, arguments: args }),
      failedItem('c0', server, tool, args, message),
    ]);
    expect(turn['status']).toBe('completed');
  });

  it('refuse arguments of the wrong shape, of which clients see nothing', async () => {
    const thread = await openThread({ provider: stdio('tools') });
    const { items, output } = await callIn(thread, 'read_mcp_resource', { server: 'tools' });
    expect(output).toMatch(/^failed to parse function arguments: .+ at `uri`$/u);
    expect(items).toEqual([]);
  });

  it('are given up when the turn is interrupted', async () => {
    const thread = await openThread({ provider: stdio('pages', '', 'paged') });
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'read');
    const args = { server: 'pages', uri: 'page://hang' };
    const call = { type: 'function_call', name: 'read_mcp_resource', call_id: 'c0' };
    const request = await upstream.request(0);
    request.send(itemDone({ ...call, arguments: JSON.stringify(args) }), completed('r0'));
    request.end();
    await daemon.waitForNotification(
      'item/started',
      ({ item }) => (item as { type: string }).type === 'mcpToolCall',
    );
    await daemon.request('turn/interrupt', { threadId, turnId });
    expect((await endOf(daemon, turnId))['status']).toBe('interrupted');
    expect(itemsOf(daemon, 'c0').at(-1)?.params?.['item']).toEqual(
      failedItem('c0', 'pages', 'read_mcp_resource', args, 'the turn was interrupted'),
    );
  });
});
