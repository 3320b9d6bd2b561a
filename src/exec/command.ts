import { constants } from 'node:os';
import { captureText } from './captured-output.ts';
import type { OnOutput, OutputStream } from './captured-output.ts';
import { startProcess } from './child-process.ts';
import type { NotStarted, ProcessExit, ProcessOptions, StartedProcess } from './child-process.ts';
import { OutputBuffer } from './output-buffer.ts';
import { settledWithin } from '../util/settled-within.ts';

export interface CommandOptions extends ProcessOptions {
  /** Milliseconds until the command is ended; none means that it may take as long as it likes. */
  readonly timeoutMs?: number | undefined;
  /** Ends the command. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes that are kept of each output; 1 MiB if not given. */
  readonly keptBytes?: number | undefined;
  readonly onOutput?: OnOutput | undefined;
}

/** What became of a command that was started. */
export interface CommandResult {
  readonly kind: 'ended';
  /** 124 after a timeout, 128 plus its number after a signal, else what the command gave. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | null;
  readonly durationMs: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both outputs in the order in which they came. */
  readonly aggregated: string;
  /** Bytes left out of the middle of `aggregated`. */
  readonly truncatedBytes: number;
  /** Lines of both outputs as they came, those left out among them. */
  readonly lines: number;
  readonly timedOut: boolean;
  readonly aborted: boolean;
}

export type CommandOutcome = CommandResult | NotStarted;

const TIMEOUT_EXIT_CODE = 124;

/** Milliseconds that the output has to end after the command: another process may hold it open. */
const DRAIN_MS = 2_000;

/**
 * Runs a command without an input to its end. A timeout and the signal end its whole process group, with SIGTERM and
 * half a second later with SIGKILL. Never rejects.
 */
export async function runCommand(options: CommandOptions): Promise<CommandOutcome> {
  if (options.signal?.aborted === true) return NEVER_STARTED;
  const startedAt = performance.now();
  const child = await startProcess(options, 'none');
  if (child.kind === 'notStarted') return child;

  const output = new CommandOutput(options);
  const drained = Promise.all([
    captureText(child.stdout, (text) => output.push(text, 'stdout')),
    captureText(child.stderr, (text) => output.push(text, 'stderr')),
  ]);
  const cause = await firstOf(child, options);
  if (cause !== 'exited') await options.groups.end(child.group);
  // A process that cannot be killed, because the system does not let go of it, is not waited for.
  const exit = await settledWithin(child.exited, DRAIN_MS);
  await settledWithin(drained, DRAIN_MS, cause === 'aborted' ? undefined : options.signal);
  child.stdout.destroy();
  child.stderr.destroy();
  await drained;

  return {
    kind: 'ended',
    exitCode: cause === 'timedOut' ? TIMEOUT_EXIT_CODE : exitCodeOf(exit),
    signal: exit?.signal ?? null,
    durationMs: Math.round(performance.now() - startedAt),
    ...output.kept(),
    timedOut: cause === 'timedOut',
    aborted: cause === 'aborted',
  };
}

/** The result of a command whose signal had aborted before. */
const NEVER_STARTED: CommandResult = {
  kind: 'ended',
  exitCode: -1,
  signal: null,
  durationMs: 0,
  stdout: '',
  stderr: '',
  aggregated: '',
  truncatedBytes: 0,
  lines: 0,
  timedOut: false,
  aborted: true,
};

/** The code that a shell would give for the end of a process; -1 for one that did not end. */
export function exitCodeOf(exit: ProcessExit | null): number {
  if (exit?.signal !== null && exit?.signal !== undefined) return 128 + constants.signals[exit.signal];
  return exit?.code ?? -1;
}

class CommandOutput {
  readonly #onOutput: OnOutput | undefined;
  readonly #streams: Readonly<Record<OutputStream, OutputBuffer>>;
  readonly #aggregated: OutputBuffer;

  constructor({ keptBytes, onOutput }: CommandOptions) {
    this.#onOutput = onOutput;
    this.#streams = { stdout: new OutputBuffer(keptBytes), stderr: new OutputBuffer(keptBytes) };
    this.#aggregated = new OutputBuffer(keptBytes);
  }

  push(text: string, stream: OutputStream): void {
    this.#streams[stream].push(text);
    this.#aggregated.push(text);
    this.#onOutput?.(text, stream);
  }

  kept(): Pick<CommandResult, 'stdout' | 'stderr' | 'aggregated' | 'truncatedBytes' | 'lines'> {
    const { lines, text: aggregated, truncatedBytes } = this.#aggregated.kept();
    return {
      stdout: this.#streams.stdout.kept().text,
      stderr: this.#streams.stderr.kept().text,
      aggregated,
      truncatedBytes,
      lines,
    };
  }
}

type Cause = 'exited' | 'timedOut' | 'aborted';

/** What happens first: the command's end, the end of its time, or the signal. */
async function firstOf(child: StartedProcess, { timeoutMs, signal }: CommandOptions): Promise<Cause> {
  const exit = await settledWithin(child.exited, timeoutMs ?? Infinity, signal);
  if (exit !== null) return 'exited';
  return signal?.aborted === true ? 'aborted' : 'timedOut';
}
