import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { deferred } from '../util/deferred.ts';
import { errorCode } from '../util/error-code.ts';
import { errorMessage } from '../util/errors.ts';
import { shortened } from '../util/shortened.ts';
import type { CommandEnvironment } from './command-environment.ts';
import { openOutputPipes } from './output-pipes.ts';
import type { ProcessGroup, ProcessGroups } from './process-groups.ts';
import { descriptorFillers } from './stray-descriptors.ts';

/** What to start, and where. */
export interface ProcessOptions {
  /** The program and its arguments; the program is looked up in the `PATH` of `env`. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** All variables of the process: nothing is added but the mark by which it is found again. */
  readonly env: CommandEnvironment;
  readonly groups: ProcessGroups;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The process could not be started. */
export interface NotStarted {
  readonly kind: 'notStarted';
  /** The errno name such as `ENOENT`. */
  readonly code: string;
  /** A sentence for the reader, with the system's own words. */
  readonly message: string;
}

export interface StartedProcess {
  readonly kind: 'started';
  readonly group: ProcessGroup;
  /** Null if the process was started without an input. */
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<ProcessExit>;
}

const LONGEST_MESSAGE = 500;

/** Starts a process as the leader of a group of its own. Never rejects. */
export async function startProcess(
  options: ProcessOptions,
  input: 'none' | 'pipe',
): Promise<StartedProcess | NotStarted> {
  const [program = '', ...args] = options.argv;
  const pipes = await openOutputPipes(options.groups.privateFolder);
  const marker = options.groups.nextMarker();
  try {
    if (options.groups.isEnding) return notStarted('ECANCELED', 'no command is started any more');
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.groups.marked(options.env, marker),
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: [
        input === 'pipe' ? 'pipe' : 'ignore',
        pipes?.writers[0] ?? 'pipe',
        pipes?.writers[1] ?? 'pipe',
        ...descriptorFillers(),
      ],
    });
    // At once, so that nothing can come between its start and its being known.
    const group = child.pid === undefined ? null : options.groups.add(child.pid, marker);
    const exited = exitOf(child);
    await spawned(child);
    const [stdout, stderr] = [pipes?.stdout ?? child.stdout, pipes?.stderr ?? child.stderr];
    if (group === null || stdout === null || stderr === null) throw new Error('it has no output');
    void exited.then(() => options.groups.leaderExited(group));
    return { kind: 'started', group, stdin: child.stdin, stdout, stderr, exited };
  } catch (error) {
    pipes?.stdout.destroy();
    pipes?.stderr.destroy();
    return describeFailure(error, options);
  } finally {
    await pipes?.closeWriters();
  }
}

function exitOf(child: ChildProcess): Promise<ProcessExit> {
  const exited = deferred<ProcessExit>();
  child.once('exit', (code, signal) => exited.resolve({ code, signal }));
  return exited.promise;
}

function spawned(child: ChildProcess): Promise<void> {
  const started = deferred();
  child.once('spawn', () => started.resolve());
  // Also emitted when a signal could not be sent, which changes nothing once it was started.
  child.on('error', (error) => started.reject(error));
  return started.promise;
}

/** A directory that is missing is reported by the system as if the program were. */
async function describeFailure(error: unknown, { argv, cwd }: ProcessOptions): Promise<NotStarted> {
  const code = errorCode(error);
  if (!(await isFolder(cwd))) return notStarted(code, `the directory ${cwd} is not there (${code})`);
  return notStarted(code, `${argv[0] ?? ''} could not be started: ${errorMessage(error)}`);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

function notStarted(code: string, message: string): NotStarted {
  return { kind: 'notStarted', code, message: shortened(message, LONGEST_MESSAGE) };
}
