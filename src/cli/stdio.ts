import { createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { isatty, WriteStream as TerminalStream } from 'node:tty';

/**
 * Standard output for the protocol. Node writes to a pipe synchronously where it is the standard output, so that a
 * client that does not read would stop the whole process, its signal handlers included; as a socket it does not.
 */
export function protocolOutput(): Writable {
  const stats = fstatSync(1);
  if (stats.isFIFO() || stats.isSocket()) return new Socket({ fd: 1, readable: false, writable: true });
  if (isatty(1)) return new TerminalStream(1);
  return createWriteStream('', { fd: 1, autoClose: false });
}
