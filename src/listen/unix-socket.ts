import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { errorCode } from '../util/error-code.ts';
import { errorMessage } from '../util/errors.ts';
import { ListenError } from './errors.ts';

/** How long a socket that is there already may take to be connected to before it counts as in use. */
const CONNECT_MS = 2_000;

/** The longest path that fits the address of a socket, in bytes; a longer one would be cut off. */
const LONGEST_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

const FOLDER = 'app-server-control';

/** Where clients look for the socket when they are not told. */
export function usualSocketPath(home: string): string {
  return join(home, FOLDER, 'app-server-control.sock');
}

/**
 * Makes room for a socket: creates its folder for its owner alone, and removes a socket that nobody listens on. A folder
 * that is there is left as it is, except the usual one, which is ours to close. Throws `ListenError`.
 */
export async function makeRoom(path: string, usualPath: string): Promise<void> {
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) {
    throw new ListenError(
      `the path of the socket is longer than ${LONGEST_PATH_BYTES} bytes, which is all a system takes: ${path}`,
    );
  }
  try {
    const folder = dirname(path);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (path === usualPath) chmodSync(folder, 0o700);
    const stats = statsOf(path);
    if (stats === null) return;
    if (!stats.isSocket()) {
      throw new ListenError(`app-server control socket path exists and is not a socket: ${path}`);
    }
    if (await isListening(path)) {
      throw new ListenError(`app-server control socket is already in use at ${path}`);
    }
    rmSync(path, { force: true });
  } catch (error) {
    if (error instanceof ListenError) throw error;
    throw new ListenError(`cannot make the socket ${path}: ${errorMessage(error)}`, { cause: error });
  }
}

function statsOf(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

/** Whether somebody answers at a socket. One that cannot be asked counts as in use: it is not ours to remove. */
function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const timer = setTimeout(() => decide(true), CONNECT_MS);
    const decide = (isInUse: boolean): void => {
      clearTimeout(timer);
      probe.destroy();
      resolve(isInUse);
    };
    probe.once('connect', () => decide(true));
    probe.once('error', (error) => decide(!['ECONNREFUSED', 'ENOENT'].includes(errorCode(error))));
  });
}
