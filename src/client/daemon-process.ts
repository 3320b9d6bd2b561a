import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { deferred } from '../util/deferred.ts';
import { settledWithin } from '../util/settled-within.ts';
import { StderrTail } from './stderr-tail.ts';

/** How a process ended: by itself with a code, or by a signal. Both are null when that was never learnt. */
export interface DaemonExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface DaemonProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv | undefined;
  readonly cwd: string | undefined;
  readonly ownProcessGroup: boolean;
  /** Milliseconds that the process has to end after its stdin was closed, and again after SIGTERM. */
  readonly exitGraceMs: number;
  readonly onStderr: ((line: string) => void) | undefined;
}

/** Milliseconds that the system has to end a process that was killed. */
const KILL_GRACE_MS = 2_000;

/** Milliseconds that its output has to end after the process has: another process may hold the pipe. */
const OUTPUT_GRACE_MS = 500;

/** A daemon as a child process: its pipes, its end, and the last it said on stderr. */
export class DaemonProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #stderr: StderrTail;
  readonly #exitGraceMs: number;
  readonly #exited = deferred<DaemonExit>();
  readonly #gone = deferred<DaemonExit>();
  #spawnError: Error | null = null;
  #ending: Promise<DaemonExit> | null = null;
  #hasExited = false;

  constructor(options: DaemonProcessOptions) {
    this.#stderr = new StderrTail(options.onStderr);
    this.#exitGraceMs = options.exitGraceMs;
    this.#child = spawn(options.command, options.args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      detached: options.ownProcessGroup && process.platform !== 'win32',
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    this.#child.stderr.on('data', (chunk: Buffer) => this.#stderr.push(chunk));
    this.#child.stderr.once('end', () => this.#stderr.end());
    // A pipe of a process that is gone fails; its end is what is reported.
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      stream.on('error', () => {});
    }
    this.#child.once('error', (error) => {
      // Also emitted when a signal could not be sent, which changes nothing.
      if (this.#child.pid !== undefined) return;
      this.#spawnError = error;
      this.#releasePipes();
      this.#exited.resolve({ code: null, signal: null });
      this.#gone.resolve({ code: null, signal: null });
    });
    this.#child.once('exit', (code, signal) => this.#onExit({ code, signal }));
    this.#child.once('close', (code, signal) => this.#gone.resolve({ code, signal }));
  }

  get input(): Writable {
    return this.#child.stdin;
  }

  get output(): Readable {
    return this.#child.stdout;
  }

  /** Why the process could not be started; null if it was, or as long as that is not known. */
  get spawnError(): Error | null {
    return this.#spawnError;
  }

  get stderrLines(): readonly string[] {
    return this.#stderr.lines;
  }

  /** Resolves when the process has ended and what it wrote has been read, or could not be started. */
  get gone(): Promise<DaemonExit> {
    return this.#gone.promise;
  }

  /** Waits for the end of a process whose stdin was closed, and helps with signals when it takes too long. */
  end(): Promise<DaemonExit> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  /** Ends the process at once. */
  kill(): void {
    if (!this.#hasExited) this.#child.kill('SIGKILL');
  }

  async #end(): Promise<DaemonExit> {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const exit = await settledWithin(this.#exited.promise, this.#exitGraceMs);
      if (exit !== null) return this.#gone.promise;
      this.#child.kill(signal);
    }
    const exit = await settledWithin(this.#gone.promise, KILL_GRACE_MS);
    if (exit !== null) return exit;
    this.#releasePipes();
    const unknown = { code: null, signal: null };
    this.#gone.resolve(unknown);
    return unknown;
  }

  #onExit(exit: DaemonExit): void {
    this.#hasExited = true;
    this.#exited.resolve(exit);
    const timer = setTimeout(() => {
      this.#releasePipes();
      this.#gone.resolve(exit);
    }, OUTPUT_GRACE_MS);
    void this.#gone.promise.then(() => clearTimeout(timer));
  }

  #releasePipes(): void {
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    this.#child.unref();
  }
}

/** In words, for a sentence that begins with the daemon. */
export function exitText({ code, signal }: DaemonExit): string {
  if (signal !== null) return `was ended by ${signal}`;
  if (code !== null) return `exited with code ${code}`;
  return 'is gone';
}
