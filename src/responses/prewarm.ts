import type { Logger } from '../util/logger.ts';
import { Deadline } from './clock.ts';
import type { Clock } from './clock.ts';
import { abortedError, ResponsesError } from './error/responses-error.ts';
import { TurnScope } from './turn-scope.ts';

export interface PrewarmOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long, counted from now, anybody will wait for it. */
  readonly milliseconds: number;
  /** Opens the connection and has the server prepare itself. */
  readonly run: (turn: TurnScope, signal: AbortSignal) => Promise<void>;
}

/** The preparation of a thread's first request, in the background. The first turn takes over what came of it. */
export class Prewarm {
  readonly #turn = new TurnScope();
  readonly #abort = new AbortController();
  readonly #deadline: Deadline;
  readonly #finished: Promise<boolean>;

  constructor({ clock, logger, milliseconds, run }: PrewarmOptions) {
    const { signal } = this.#abort;
    this.#deadline = new Deadline({ clock, milliseconds, signal, expired: abortedError });
    this.#finished = this.#run(run, logger);
  }

  /** Waits for the end, but not for longer than the time that is left; then it is given up. Never rejects. */
  async handOver(turn: TurnScope, signal: AbortSignal): Promise<void> {
    const onAbort = (): void => this.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      if (await this.#deadline.wait(this.#finished)) turn.keepTurnState(this.#turn.turnState);
    } catch {
      this.abort();
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Gives it up. Idempotent. */
  abort(): void {
    this.#abort.abort();
    this.#deadline.clear();
  }

  /** A failure is no harm: the first turn connects by itself. */
  async #run(run: PrewarmOptions['run'], logger: Logger): Promise<boolean> {
    try {
      await run(this.#turn, this.#abort.signal);
      return true;
    } catch (error) {
      const kind = error instanceof ResponsesError ? error.kind : 'unknown';
      logger.warn({ kind }, 'could not prepare the connection to the model provider');
      return false;
    } finally {
      this.#deadline.clear();
    }
  }
}
