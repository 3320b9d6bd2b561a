import { readSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** The part of the package `@lydell/node-pty`, which is `node-pty` built for the usual machines, that is used here. */
export interface TerminalModule {
  spawn(
    file: string,
    args: string[],
    options: {
      readonly name: string;
      readonly cols: number;
      readonly rows: number;
      readonly cwd: string;
      readonly env: Record<string, string>;
    },
  ): Terminal;
}

/** A process behind a pseudo-terminal. */
export interface Terminal {
  readonly pid: number;
  readonly onData: (listener: (text: string) => void) => unknown;
  readonly onExit: (listener: (exit: { exitCode: number; signal?: number }) => void) => unknown;
  write(text: string): void;
  /** The descriptor of the terminal, and the stream that the package has on it; neither is part of what it promises. */
  readonly fd?: number;
  readonly _socket?: Pick<Readable, 'destroyed' | 'once'>;
}

const PIECE_BYTES = 64 * 1024;

/** More than what a terminal holds back; a process in the background could go on writing. */
const MAX_PIECES = 16;

/**
 * Gives what the package would lose: its stream takes the end of the process for the end of the output, though the
 * system may still hold some of that. When the stream is over, its descriptor is open for a moment more.
 */
export function onRest({ _socket: stream, fd }: Terminal, onText: (text: string) => void): void {
  if (stream === undefined || fd === undefined) return;
  stream.once('end', () => {
    const rest = Buffer.concat([...piecesOf(fd)]).toString();
    if (rest !== '') onText(rest);
  });
}

function* piecesOf(fd: number): Generator<Buffer> {
  for (let count = 0; count < MAX_PIECES; count += 1) {
    const piece = Buffer.alloc(PIECE_BYTES);
    let length = 0;
    try {
      length = readSync(fd, piece);
    } catch {
      // The usual end of a terminal is an error.
      return;
    }
    if (length === 0) return;
    yield piece.subarray(0, length);
  }
}

/** Gives the package, or null where it does not run. */
export type LoadTerminalModule = () => Promise<TerminalModule | null>;

/** Loads the package. It is optional: there may be no build of it for this machine. */
export async function loadTerminalModule(): Promise<TerminalModule | null> {
  try {
    const { spawn } = await import('@lydell/node-pty');
    return { spawn };
  } catch {
    return null;
  }
}
