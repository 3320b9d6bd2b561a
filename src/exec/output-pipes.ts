import { execFile } from 'node:child_process';
import { close, constants, open } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
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
 * `/dev/stderr`. Gives null where there are no named pipes to begin from.
 */
export async function openOutputPipes(): Promise<OutputPipes | null> {
  if (process.platform === 'win32') return null;
  const descriptors: number[] = [];
  let folder: string | null = null;
  try {
    folder = await mkdtemp(join(tmpdir(), 'parley-pipes-'));
    const paths = [join(folder, 'stdout'), join(folder, 'stderr')];
    await promisify(execFile)('mkfifo', ['-m', '600', ...paths], { timeout: MAKE_TIMEOUT_MS });
    // The readers first: a writer does not wait when there is one.
    for (const flags of [constants.O_RDONLY | constants.O_NONBLOCK, constants.O_WRONLY]) {
      for (const path of paths) descriptors.push(await promisify(open)(path, flags));
    }
    const [stdoutReader, stderrReader, stdoutWriter, stderrWriter] = descriptors as Four;
    return {
      writers: [stdoutWriter, stderrWriter],
      stdout: streamOf(stdoutReader),
      stderr: streamOf(stderrReader),
      closeWriters: () => closeAll([stdoutWriter, stderrWriter]),
    };
  } catch {
    await closeAll(descriptors);
    return null;
  } finally {
    // The pipes go on without their names.
    if (folder !== null) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

type Four = [number, number, number, number];

/** The stream owns the descriptor from now on. */
function streamOf(descriptor: number): Readable {
  return new Socket({ fd: descriptor, readable: true, writable: false });
}

async function closeAll(descriptors: readonly number[]): Promise<void> {
  await Promise.allSettled(descriptors.map((descriptor) => promisify(close)(descriptor)));
}
