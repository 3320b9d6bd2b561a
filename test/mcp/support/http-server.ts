import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { onTestFinished } from 'vitest';
// @ts-expect-error -- a script without types, which the tests also run by itself
import { createToolServer } from './tool-server.mjs';

interface Connectable {
  connect(transport: unknown): Promise<void>;
}

export interface HttpToolServer {
  readonly url: string;
  readonly requests: { readonly method: string; readonly headers: IncomingHttpHeaders }[];
  /** Forgets all sessions, as a server that was started again. */
  forget(): void;
  /** What every request is answered with instead, or null. */
  refuses: { status: number; body: string; headers?: Record<string, string> } | null;
}

/** The tools by streamable HTTP, on loopback. Ended after the test. */
export async function openHttpServer(): Promise<HttpToolServer> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const requests: HttpToolServer['requests'][number][] = [];
  const state: HttpToolServer = { url: '', requests, refuses: null, forget: () => sessions.clear() };
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', headers: request.headers });
    if (state.refuses !== null) {
      response.writeHead(state.refuses.status, state.refuses.headers).end(state.refuses.body);
      return;
    }
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    if (id !== undefined && known === undefined) {
      response.writeHead(404).end('no such session');
      return;
    }
    const transport =
      known ??
      new StreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (sessionId) => void sessions.set(sessionId, transport),
      });
    const ready =
      known === undefined ? (createToolServer() as Connectable).connect(transport) : Promise.resolve();
    void ready.then(() => transport.handleRequest(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp` });
}
