import type { Writable } from 'node:stream';
import type { ProcessGroups } from '../../exec/index.ts';
import { startProcess } from '../../exec/index.ts';
import type { McpFetch, StartServerProcess } from '../../mcp/index.ts';
import type { HttpTransport } from '../../responses/index.ts';

/** Starts the programs of servers among the daemon's process groups, so that none outlives it. */
export function serverStarter(groups: ProcessGroups): StartServerProcess {
  return async (options) => {
    const started = await startProcess({ ...options, groups }, 'pipe');
    if (started.kind === 'notStarted') throw new Error(started.message);
    const { exited, group, stderr, stdin, stdout } = started;
    return { stdin: stdin as Writable, stdout, stderr, exited, end: () => groups.end(group) };
  };
}

const METHODS = ['GET', 'POST', 'DELETE'] as const;

/** The daemon's way to the network in the shape of `fetch`. Redirects are left to who asks. */
export function fetchBy(http: HttpTransport): McpFetch {
  return async (url, init = {}) => {
    const method = METHODS.find((each) => each === (init.method ?? 'GET'));
    if (method === undefined) throw new Error('unknown HTTP method');
    const { body, headers, status } = await http(String(url), {
      method,
      headers: Object.fromEntries(new Headers(init.headers).entries()),
      ...(typeof init.body === 'string' ? { body: init.body } : {}),
      signal: init.signal ?? new AbortController().signal,
      redirect: 'manual',
    });
    const pairs = [...headers.keys()].map((name): [string, string] => [name, headers.get(name) ?? '']);
    const stream = body === null || [204, 205, 304].includes(status) ? null : ReadableStream.from(body);
    return new Response(stream, { status, headers: pairs });
  };
}
