import { execFile } from 'node:child_process';
import { close, constants, fstat, open } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

const MAKE_TIMEOUT_MS = 2_000;

/** Two pipes for the output of a process. */
export interface OutputPipes {
  /** Descriptors for the process. */
  readonly writers: readonly [stdout: number, stderr: number];
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Has to be called once the process was given the descriptors, so that the output can end. */
  closeWriters(): Promise<void>;
}

/**
 * Opens real pipes. What Node makes by itself are sockets, on which a process cannot open `/dev/stdout` or
 * `/dev/stderr`, and it makes pipes only from ones that have a name. For a moment there are such names in `folder`,
 * which is made where it is missing. No command may write there: one that put something else in the place of a name
 * could have a file written to that it must not touch, or read what another one prints. Gives null where there are no
 * named pipes to begin from.
 */
export async function openOutputPipes(folder: string | null): Promise<OutputPipes | null> {
  if (process.platform === 'win32' || folder === null) return null;
  const pipes: OutputPipe[] = [];
  let names: string | null = null;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    names = await mkdtemp(join(folder, 'pipes-'));
    const paths = [join(names, 'stdout'), join(names, 'stderr')] as const;
    await promisify(execFile)('mkfifo', ['-m', '600', ...paths], { timeout: MAKE_TIMEOUT_MS });
    const stdout = await openPipe(paths[0]);
    pipes.push(stdout);
    const stderr = await openPipe(paths[1]);
    const writers = [stdout.writer, stderr.writer] as const;
    return {
      writers,
      stdout: streamOf(stdout.reader),
      stderr: streamOf(stderr.reader),
      closeWriters: () => closeAll(writers),
    };
  } catch {
    await closeAll(pipes.flatMap(({ reader, writer }) => [reader, writer]));
    return null;
  } finally {
    // The pipes go on without their names.
    if (names !== null) await rm(names, { recursive: true, force: true }).catch(() => {});
  }
}

/** The descriptors of the two ends of a pipe. */
interface OutputPipe {
  readonly reader: number;
  readonly writer: number;
}

/** Opens a named pipe. Rejects if the name leads to anything else, or to something else for one end than for the other. */
export async function openPipe(path: string): Promise<OutputPipe> {
  // The reader first: a writer does not wait when there is one.
  const reader = await openWith(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let writer: number | null = null;
  try {
    const read = await promisify(fstat)(reader);
    if (!read.isFIFO() || read.uid !== process.getuid?.())
      throw new Error('it is not the pipe that was made');
    writer = await openWith(path, constants.O_WRONLY);
    const written = await promisify(fstat)(writer);
    if (written.dev !== read.dev || written.ino !== read.ino)
      throw new Error('its ends are of different files');
    return { reader, writer };
  } catch (error) {
    await closeAll(writer === null ? [reader] : [reader, writer]);
    throw error;
  }
}

function openWith(path: string, flags: number): Promise<number> {
  return promisify(open)(path, flags | constants.O_NOFOLLOW);
}

/** The stream owns the descriptor from now on. */
function streamOf(descriptor: number): Readable {
  return new Socket({ fd: descriptor, readable: true, writable: false });
}

async function closeAll(descriptors: readonly number[]): Promise<void> {
  await Promise.allSettled(descriptors.map((descriptor) => promisify(close)(descriptor)));
}
