import { STDIO_SERVER } from '../mcp/support/servers.ts';
import type { TestDaemon, WireMessage } from '../support/daemon.ts';
import { completed, itemDone } from '../support/responses-upstream.ts';
import { endOf, startTurn } from './turns.ts';
import type { OpenThread } from './turns.ts';

const NODE = JSON.stringify(process.execPath);

/** A server table; `mode` is how the server behaves. */
export function stdio(name: string, more = '', mode = 'serve'): string {
  return `
[mcp_servers.${name}]
command = ${NODE}
args = [${JSON.stringify(STDIO_SERVER)}, "${mode}"]
${more}
`;
}

interface OutputItem {
  readonly type: string;
  readonly call_id?: string;
  readonly output?: unknown;
}

/** Runs a turn in which the model calls one tool. Gives what the model is told and the item as clients see it. */
export async function callIn(
  thread: OpenThread,
  name: string,
  args: object = {},
): Promise<{ output: unknown; items: WireMessage[]; turn: Readonly<Record<string, unknown>> }> {
  const { daemon, upstream } = thread;
  const index = upstream.requests.length;
  const turnId = await startTurn(thread, 'do it');
  const first = await upstream.request(index);
  const id = `c${index}`;
  const call = { type: 'function_call', name, arguments: JSON.stringify(args), call_id: id };
  first.send(itemDone(call), completed(`r${index}`));
  first.end();
  const second = await upstream.request(index + 1);
  second.answer(`m${index}`, ['done']);
  const turn = await endOf(daemon, turnId);
  const outputs = second.input as unknown as readonly OutputItem[];
  const output = outputs.find((item) => item.type === 'function_call_output' && item.call_id === id)?.output;
  return { output, items: itemsOf(daemon, id), turn };
}

/** What was told of one item. */
export function itemsOf(daemon: TestDaemon, id: string): WireMessage[] {
  return daemon
    .notifications('item/')
    .filter(({ params }) => (params?.['item'] as { id?: string } | undefined)?.id === id);
}

/** A call of a tool of the server `tools`, as it begins. */
export function mcpItem(id: string, tool: string, more: object = {}): object {
  return {
    type: 'mcpToolCall',
    id,
    server: 'tools',
    tool,
    status: 'inProgress',
    arguments: {},
    result: null,
    error: null,
    durationMs: null,
    ...more,
  };
}
