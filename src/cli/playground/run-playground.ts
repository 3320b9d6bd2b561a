import { createHash, randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runDaemon } from '../daemon.ts';
import { openBrowser } from './open-browser.ts';
import { readSite } from './site-files.ts';

/** Only programs of this machine reach it. */
const HOST = '127.0.0.1';

const TOKEN_BYTES = 32;

export interface PlaygroundOptions {
  readonly configOverrides: readonly string[];
  readonly useLoopback: boolean;
  /** 0 takes a free one. */
  readonly port: number;
  readonly opensBrowser: boolean;
  /** The file of this program; the page lies beside it. */
  readonly program: string;
  readonly stdout: { write(text: string): unknown };
}

/**
 * Serves the daemon on a WebSocket, and at the same address the page that is its client, until a signal arrives. The
 * page's address has a token in its fragment, without which the daemon lets nobody in.
 */
export async function runPlayground(options: PlaygroundOptions): Promise<number> {
  const { configOverrides, opensBrowser, port, stdout, useLoopback } = options;
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return runDaemon({
    configOverrides,
    useLoopback,
    listen: {
      listen: [{ kind: 'webSocket', host: HOST, port }],
      wsAuth: 'capability-token',
      wsTokenSha256: createHash('sha256').update(token).digest('hex'),
    },
    site: readSite(join(dirname(realpathSync(options.program)), '..', 'playground')),
    onListening: ([listener = '']) => {
      const url = `${listener.replace(/^ws:/, 'http:')}/#token=${token}`;
      stdout.write(`parley playground\n  open  ${url}\n  end   Ctrl-C\n`);
      if (opensBrowser) void openPage(url, stdout);
    },
  });
}

async function openPage(url: string, stdout: PlaygroundOptions['stdout']): Promise<void> {
  const problem = await openBrowser(url);
  if (problem !== null)
    stdout.write(`  note  no browser could be opened (${problem}); open the address yourself\n`);
}
