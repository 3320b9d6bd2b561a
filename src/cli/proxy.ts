import { createConnection } from 'node:net';
import { homedir } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { resolveCodexHome } from '../core/index.ts';
import { usualSocketPath } from '../listen/index.ts';
import { errorCode } from '../util/error-code.ts';

/**
 * Copies bytes between standard input and output and the control socket of a daemon, until either side ends. Exits 1 where
 * nobody listens there.
 */
export async function runProxy({ sock }: { readonly sock: string | null }): Promise<number> {
  const home = resolveCodexHome(process.env, homedir());
  if (sock === null && !home.ok) return failed(home.message);
  const path = sock ?? (home.ok ? usualSocketPath(home.path) : '');
  const socket = createConnection({ path, allowHalfOpen: true });
  const outward = pipeline(process.stdin, socket);
  try {
    await pipeline(socket, process.stdout, { end: false });
    return 0;
  } catch (error) {
    return failed(`the control socket ${path} cannot be used (${errorCode(error)})`);
  } finally {
    // What still comes in has nobody to go to.
    outward.catch(() => {});
    process.stdin.destroy();
  }
}

function failed(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}
