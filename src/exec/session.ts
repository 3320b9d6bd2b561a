import { exitCodeOf } from './command.ts';
import type { ProcessExit } from './child-process.ts';
import { OutputBuffer } from './output-buffer.ts';
import type { KeptOutput } from './output-buffer.ts';
import type { ProcessGroups } from './process-groups.ts';
import type { SessionProcess } from './session-process.ts';
import { settledWithin } from '../util/settled-within.ts';

/** What a session wrote since it was read last. */
export interface SessionOutput {
  readonly text: string;
  /** Bytes left out of the middle of the text. */
  readonly truncatedBytes: number;
  /** Lines that it wrote, those left out among them. */
  readonly lines: number;
  /** Milliseconds that this reading took. */
  readonly durationMs: number;
  /** Null as long as the process runs. */
  readonly exit: SessionExit | null;
}

export interface SessionExit {
  /** 128 plus its number after a signal, else what the process gave. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | null;
  /** Milliseconds from the start of the process to its end. */
  readonly durationMs: number;
}

/** `closed`: the process has ended, has no input, or has closed or does not read it. */
export type WriteOutcome =
  { readonly kind: 'written' } | { readonly kind: 'closed'; readonly message: string };

export interface ExecSessionOptions {
  readonly id: number;
  /** What its user knows it by, besides the number. */
  readonly callId: string;
  readonly groups: ProcessGroups;
  readonly keptBytes?: number | undefined;
  /** Told of every piece of output as it comes. It must not throw. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/** How long the end of a process that was ended may take to be known, in milliseconds. */
const END_KNOWN_MS = 1_000;

/** A command that goes on while others talk with it. */
export class ExecSession {
  readonly id: number;
  readonly callId: string;
  readonly #groups: ProcessGroups;
  readonly #unread: OutputBuffer;
  readonly #all: OutputBuffer;
  readonly #onOutput: ((text: string) => void) | undefined;
  readonly #startedAt = performance.now();
  #process: SessionProcess | null = null;
  #ended: Promise<SessionExit> | null = null;
  #exit: SessionExit | null = null;
  #isTerminal = false;

  constructor({ callId, id, groups, keptBytes, onOutput }: ExecSessionOptions) {
    this.id = id;
    this.callId = callId;
    this.#groups = groups;
    this.#unread = new OutputBuffer(keptBytes);
    this.#all = new OutputBuffer(keptBytes);
    this.#onOutput = onOutput;
  }

  /** Takes what the process wrote; may be called before `attach`. */
  push(text: string): void {
    this.#unread.push(text);
    this.#all.push(text);
    this.#onOutput?.(text);
  }

  /** Gives the session its process, once. */
  attach(process: SessionProcess, isTerminal: boolean): void {
    this.#process = process;
    this.#isTerminal = isTerminal;
    this.#ended = process.ended.then((exit) => this.#onEnd(exit));
  }

  /** True behind a terminal, false with pipes. */
  get isTerminal(): boolean {
    return this.#isTerminal;
  }

  /** The process id of the command. */
  get pid(): number | null {
    return this.#process?.group.id ?? null;
  }

  /** How the process ended; null as long as it runs, or its output has not ended. */
  get exit(): SessionExit | null {
    return this.#exit;
  }

  /** Resolves when the process and its output have ended. */
  get ended(): Promise<SessionExit> | null {
    return this.#ended;
  }

  /** Everything that was written so far, read or not. */
  get aggregated(): KeptOutput {
    return this.#all.kept();
  }

  /** Waits until the process ends, the time is over or the signal aborts, and gives what was not read before. */
  async read(yieldMs: number, signal?: AbortSignal): Promise<SessionOutput> {
    const startedAt = performance.now();
    if (this.#exit === null && this.#ended !== null) await settledWithin(this.#ended, yieldMs, signal);
    const durationMs = Math.round(performance.now() - startedAt);
    return { ...this.#unread.take(), durationMs, exit: this.#exit };
  }

  /** Passes characters to the process. Behind a terminal `\u0003` interrupts it, as the key does. */
  write(characters: string): WriteOutcome {
    if (this.#process === null || this.#exit !== null) {
      return { kind: 'closed', message: 'the process has ended' };
    }
    const problem = this.#process.write(characters);
    return problem === null ? { kind: 'written' } : { kind: 'closed', message: problem };
  }

  /** Ends the process and its whole group. Resolves when its end is known, or after a moment. Never rejects. */
  async end(): Promise<void> {
    if (this.#process === null) return;
    await this.#groups.end(this.#process.group);
    if (this.#ended !== null) await settledWithin(this.#ended, END_KNOWN_MS);
  }

  #onEnd(exit: ProcessExit): SessionExit {
    const durationMs = Math.round(performance.now() - this.#startedAt);
    this.#exit = { exitCode: exitCodeOf(exit), signal: exit.signal, durationMs };
    return this.#exit;
  }
}
