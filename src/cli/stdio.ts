import { createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { isatty, WriteStream as TerminalStream } from 'node:tty';
import { openConnection } from '../rpc/index.ts';
import type { RpcLogger } from '../rpc/index.ts';
import type { AppServer } from '../server/index.ts';
import { within } from '../util/within.ts';

/** The client on standard input and output. */
export interface StdioClient {
  /** Resolves when the client has ended its side, or is gone. */
  readonly ended: Promise<void>;
  /** Reads no further. */
  stop(): void;
  /** Resolves when every request that was read has been answered, and the answers have been sent. */
  drained(): Promise<void>;
  /** Sends what waits, in `stepMs` at most. */
  close(stepMs: number): Promise<void>;
}

export function serveStdio(server: AppServer, logger: RpcLogger): StdioClient {
  const input: Readable = process.stdin;
  const connection = openConnection({ input, output: protocolOutput(), logger });
  server.accept(connection);
  return {
    ended: Promise.race([connection.inputEnded, connection.closed]),
    stop: () => void input.pause(),
    drained: () => connection.drained(),
    close: async (stepMs) => void (await within(stepMs, connection.close())),
  };
}

/**
 * Standard output for the protocol. Node writes to a pipe synchronously where it is the standard output, so that a
 * client that does not read would stop the whole process, its signal handlers included; as a socket it does not.
 */
function protocolOutput(): Writable {
  const stats = fstatSync(1);
  if (stats.isFIFO() || stats.isSocket()) return new Socket({ fd: 1, readable: false, writable: true });
  if (isatty(1)) return new TerminalStream(1);
  return createWriteStream('', { fd: 1, autoClose: false });
}
