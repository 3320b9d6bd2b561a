import { constants } from 'node:os';
import type { Writable } from 'node:stream';
import { deferred } from '../util/deferred.ts';
import { errorCode } from '../util/error-code.ts';
import { errorMessage } from '../util/errors.ts';
import { captureText } from './captured-output.ts';
import { startProcess } from './child-process.ts';
import type { NotStarted, ProcessExit, ProcessOptions } from './child-process.ts';
import type { ProcessGroup } from './process-groups.ts';
import { settledWithin } from '../util/settled-within.ts';
import { TerminalInput } from './terminal-input.ts';
import { onRest } from './terminal.ts';
import type { TerminalModule } from './terminal.ts';

/** A process that is spoken with, by pipes or through a terminal. */
export interface SessionProcess {
  readonly kind: 'started';
  readonly group: ProcessGroup;
  /** Settles after the end of the process and of its output. */
  readonly ended: Promise<ProcessExit>;
  /** Passes characters on; a sentence says why it cannot. */
  write(characters: string): string | null;
}

const DRAIN_MS = 2_000;

const NO_INPUT = 'the session has no input; start the command again with `tty` to write to it';

/** Bytes that may wait for a process that does not read. */
const LONGEST_UNREAD_INPUT = 1024 * 1024;

const TERMINAL = { name: 'xterm-256color', cols: 120, rows: 30 } as const;

/** Starts a process with pipes for its output, and with one as its input or with an input that has ended. */
export async function startWithPipes(
  options: ProcessOptions,
  input: 'none' | 'pipe',
  onText: (text: string) => void,
): Promise<SessionProcess | NotStarted> {
  const child = await startProcess(options, input);
  if (child.kind === 'notStarted') return child;
  // A process that closes its input, or is gone, breaks the pipe; its end is what is reported.
  child.stdin?.on('error', () => {});
  const drained = Promise.all([captureText(child.stdout, onText), captureText(child.stderr, onText)]);
  const ended = child.exited.then(async (exit) => {
    await settledWithin(drained, DRAIN_MS);
    child.stdout.destroy();
    child.stderr.destroy();
    child.stdin?.destroy();
    await drained;
    return exit;
  });
  return { kind: 'started', group: child.group, ended, write: (text) => writeTo(child.stdin, text) };
}

function writeTo(stdin: Writable | null, text: string): string | null {
  if (stdin === null) return NO_INPUT;
  if (!stdin.writable) return 'the input of the process is closed';
  if (stdin.writableLength + Buffer.byteLength(text) > LONGEST_UNREAD_INPUT) {
    return 'the process does not read its input';
  }
  stdin.write(text);
  return null;
}

/** Starts a process behind a terminal, which makes it the leader of a session and of a group of its own. */
export async function startInTerminal(
  module: TerminalModule,
  options: ProcessOptions,
  onText: (text: string) => void,
): Promise<SessionProcess | NotStarted> {
  const [program = '', ...args] = options.argv;
  const { groups, cwd, env } = options;
  if (groups.isEnding) {
    return { kind: 'notStarted', code: 'ECANCELED', message: 'no command is started any more' };
  }
  const marker = groups.nextMarker();
  try {
    const terminal = module.spawn(program, args, { ...TERMINAL, cwd, env: groups.marked(env, marker) });
    const group = groups.add(terminal.pid, marker);
    const ended = deferred<ProcessExit>();
    const input = new TerminalInput(terminal);
    terminal.onData(onText);
    onRest(terminal, onText);
    terminal.onExit(({ exitCode, signal }) => {
      input.close();
      void groups.leaderExited(group);
      const name = signal === undefined || signal === 0 ? null : signalName(signal);
      ended.resolve(name === null ? { code: exitCode, signal: null } : { code: null, signal: name });
    });
    return {
      kind: 'started',
      group,
      ended: ended.promise,
      write: (text) => input.write(text),
    };
  } catch (error) {
    return {
      kind: 'notStarted',
      code: errorCode(error),
      message: `${program} could not be started: ${errorMessage(error)}`,
    };
  }
}

function signalName(number: number): NodeJS.Signals | null {
  const entry = Object.entries(constants.signals).find(([, value]) => value === number);
  return (entry?.[0] as NodeJS.Signals | undefined) ?? null;
}
