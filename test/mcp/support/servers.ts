import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { fetchBy, serverStarter } from '../../../src/core/mcp/ports.ts';
import { ProcessGroups } from '../../../src/exec/index.ts';
import { McpServer } from '../../../src/mcp/index.ts';
import type { McpServerOptions, McpServerSettings, McpStatus } from '../../../src/mcp/index.ts';

export const STDIO_SERVER = resolve('test/mcp/support/stdio-server.mjs');

const ignore = (): void => {};

export interface OpenServer {
  readonly server: McpServer;
  readonly groups: ProcessGroups;
  /** Every status that was told, with its error. */
  readonly statuses: (readonly [McpStatus, string | null])[];
  /** Everything that was logged, as text. */
  readonly log: string[];
  /** Waits until `find` gives something, looking whenever a status is told. */
  readonly until: (isReached: () => boolean) => Promise<void>;
}

/** A server's settings by the standard streams; the mode is how the server behaves. */
export function stdioSettings(mode = 'serve', more: Partial<McpServerSettings> = {}): McpServerSettings {
  return {
    name: 'tools',
    transport: {
      kind: 'stdio',
      argv: [process.execPath, STDIO_SERVER, mode],
      cwd: process.cwd(),
      env: { PATH: process.env['PATH'] ?? '' },
    },
    startupTimeoutMs: 15_000,
    toolTimeoutMs: 15_000,
    secrets: [],
    ...more,
  };
}

export function httpSettings(url: string, more: Partial<McpServerSettings> = {}): McpServerSettings {
  return { ...stdioSettings(), transport: { kind: 'http', url, headers: {} }, ...more };
}

/** A server that is closed after the test, with all its processes. */
export function openServer(
  settings: McpServerSettings,
  elicit: McpServerOptions['elicit'] = () => Promise.reject(new Error('nobody is asked here')),
): OpenServer {
  const groups = new ProcessGroups();
  const statuses: OpenServer['statuses'] = [];
  const log: string[] = [];
  const watchers = new Set<() => void>();
  const write = (fields: object, message: string): void =>
    void log.push(`${message} ${JSON.stringify(fields)}`);
  const server = new McpServer({
    settings,
    clientInfo: { name: 'test', title: 'Test', version: '1.0.0' },
    startProcess: serverStarter(groups),
    fetch: fetchBy((url, request) => fetch(url, request)),
    logger: { debug: write, info: write, warn: write, error: write },
    onStatus: (status, error) => {
      statuses.push([status, error]);
      for (const look of watchers) look();
    },
    elicit,
  });
  onTestFinished(async () => {
    await server.close();
    await groups.endAll();
  });
  const until = (isReached: () => boolean): Promise<void> =>
    new Promise((done) => {
      const look = (): void => {
        if (!isReached()) return;
        watchers.delete(look);
        done();
      };
      watchers.add(look);
      look();
    });
  return { server, groups, statuses, log, until };
}

interface CallExtras {
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** Calls a tool with the usual extras. */
export function callTool(
  server: McpServer,
  tool: string,
  args: Readonly<Record<string, unknown>> = {},
  { onProgress = ignore, signal = new AbortController().signal }: CallExtras = {},
): ReturnType<McpServer['call']> {
  return server.call({ tool, args, signal, meta: null, onProgress });
}

/** The first text of a tool's answer. */
export async function textOf(answer: ReturnType<McpServer['call']>): Promise<string> {
  const [first] = (await answer).content;
  return first?.type === 'text' ? first.text : '';
}
