import { setMaxListeners } from 'node:events';
import type { Turn as TurnView, TurnError, UserInput } from '../../protocol/index.ts';
import { deferred } from '../../util/deferred.ts';
import { CoreError } from '../errors.ts';
import type { Workspaces } from '../git/index.ts';
import { turnError } from './turn-error.ts';
import type { TurnReporter } from './turn-reporter.ts';

/** What a turn does: answer the user, or compact the history. Only the first kind can be steered. */
export type TurnKind = 'regular' | 'compact';

/** How many inputs may wait for the response that is running. */
const MAX_PENDING_INPUTS = 64;

/** How soon git is asked, in milliseconds: the first request goes out before, for starting programs takes time from it. */
const LOOK_AFTER_MS = 20;

/** How much may run beside a turn's own work. */
const MAX_BESIDE = 16;

export interface TurnOptions {
  readonly id: string;
  readonly kind: TurnKind;
  readonly reporter: TurnReporter;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly clientMetadata: Readonly<Record<string, string>> | null;
  /** Looks what git says of where the turn works, until the signal aborts. It must not reject. */
  readonly readWorkspaces: (signal: AbortSignal) => Promise<Workspaces | null>;
  /** Called when the turn starts and, before its end is told, when it has ended. */
  readonly onRunning: (isRunning: boolean, hasFailed: boolean) => void;
}

/**
 * The life of one turn, whatever it does: it starts once, takes input while it runs, can be interrupted, and ends
 * exactly once.
 */
export class Turn {
  readonly id: string;
  readonly kind: TurnKind;
  readonly reporter: TurnReporter;
  readonly #options: TurnOptions;
  readonly #abort = new AbortController();
  readonly #unwound = deferred();
  readonly #done = deferred();
  #mayFinish = Promise.resolve();
  #pendingInput: (readonly UserInput[])[] = [];
  #inputCame = deferred();
  readonly #beside = new Set<Promise<void>>();
  #startedAt: number | null = null;
  #completedAt: number | null = null;
  #status: TurnView['status'] = 'inProgress';
  #error: TurnError | null = null;
  /** What git says of where the turn works, once it is known. */
  #workspaces: Workspaces | null = null;
  /** What the client wants said with the requests of this turn. */
  clientMetadata: Readonly<Record<string, string>> | null;

  constructor(options: TurnOptions) {
    // As many listen as calls are made at a time, and each takes its listener away.
    setMaxListeners(0, this.#abort.signal);
    this.#options = options;
    this.id = options.id;
    this.kind = options.kind;
    this.reporter = options.reporter;
    this.clientMetadata = options.clientMetadata;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether the turn takes no more input: its work is over, and its end is about to be told. */
  get isEnding(): boolean {
    return this.#status !== 'inProgress' || this.signal.aborted;
  }

  get isSteerable(): boolean {
    return this.kind === 'regular' && !this.isEnding;
  }

  get startedAt(): number | null {
    return this.#startedAt;
  }

  /** What git says of where the turn works; null as long as it is not known, and where there is no repository. */
  get workspaces(): Workspaces | null {
    return this.#workspaces;
  }

  /** Resolves when the turn's end has been told. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** The turn as clients see it; items are told by their own notifications. */
  get view(): TurnView {
    const started = this.#startedAt;
    const completed = this.#completedAt;
    return {
      id: this.id,
      items: [],
      itemsView: 'notLoaded',
      status: this.#status,
      error: this.#error,
      startedAt: started === null ? null : Math.floor(started / 1000),
      completedAt: completed === null ? null : Math.floor(completed / 1000),
      durationMs: started === null || completed === null ? null : completed - started,
    };
  }

  /** Gives the turn more input; its metadata, if it has any, replaces what the requests carried so far. */
  steer(input: readonly UserInput[], clientMetadata: Readonly<Record<string, string>> | null): void {
    if (this.#pendingInput.length >= MAX_PENDING_INPUTS) {
      throw new CoreError('overloaded', `${MAX_PENDING_INPUTS} inputs wait for the running response already`);
    }
    if (clientMetadata !== null) this.clientMetadata = clientMetadata;
    this.#pendingInput.push(input);
    this.#inputCame.resolve();
  }

  get hasPendingInput(): boolean {
    return this.#pendingInput.length > 0;
  }

  takePendingInput(): (readonly UserInput[])[] {
    this.#inputCame = deferred();
    return this.#pendingInput.splice(0);
  }

  /** Throws `overloaded` where too much runs beside the turn's own work already. */
  checkBeside(): void {
    if (this.#beside.size < MAX_BESIDE) return;
    throw new CoreError('overloaded', `${MAX_BESIDE} commands run in the turn already`);
  }

  /** Does something beside the turn's own work, which the turn waits for before it ends. It must not reject. */
  runBeside(work: () => Promise<void>): void {
    const over = work().finally(() => this.#beside.delete(over));
    this.#beside.add(over);
  }

  /** Resolves when nothing runs beside the turn's own work any more, or there is input to go on with. */
  async quiet(): Promise<void> {
    while (this.#beside.size > 0 && !this.hasPendingInput) {
      await Promise.race([...this.#beside, this.#inputCame.promise]);
    }
  }

  /** Resolves when nothing runs beside the turn's own work any more. */
  async besideOver(): Promise<void> {
    while (this.#beside.size > 0) await Promise.all(this.#beside);
  }

  /**
   * Interrupts the turn. Resolves when its work has stopped; its end is told when `finish` is called, so that an answer
   * can go out before. Nothing happens to a turn that has ended.
   */
  async interrupt(): Promise<{ finish: () => void }> {
    const gate = deferred();
    if (!this.#abort.signal.aborted) this.#mayFinish = gate.promise;
    this.#abort.abort();
    await this.#unwound.promise;
    return { finish: () => gate.resolve() };
  }

  /** Runs the turn to its end. `task` is what it does; a failure of the task is how the turn ends, not this call's. */
  async run(task: () => Promise<void>): Promise<void> {
    const { now, onRunning, readWorkspaces } = this.#options;
    this.#startedAt = now();
    onRunning(true, false);
    this.reporter.turnStarted(this.view);
    const looking = new AbortController();
    const look = (): void =>
      void readWorkspaces(looking.signal).then((workspaces) => (this.#workspaces = workspaces));
    const lookSoon = setTimeout(look, LOOK_AFTER_MS);
    try {
      this.signal.throwIfAborted();
      await task();
      this.#status = 'completed';
    } catch (error) {
      this.#status = this.signal.aborted ? 'interrupted' : 'failed';
      if (this.#status === 'failed') this.#error = turnError(error);
    }
    clearTimeout(lookSoon);
    looking.abort();
    await this.besideOver();
    this.#unwound.resolve();
    await this.#mayFinish;
    this.#completedAt = now();
    await this.reporter.recordEnd(this.view);
    onRunning(false, this.#status === 'failed');
    if (this.#error !== null) this.reporter.error(this.#error, false);
    this.reporter.turnCompleted(this.view);
    this.#done.resolve();
  }
}
