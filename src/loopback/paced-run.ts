import type { LoopbackClock } from './clock.ts';
import type { Outlet } from './outlet.ts';

/** One thing to do, counted in milliseconds from the start of the run. Steps come in the order of their times. */
export interface PacedStep {
  readonly atMs: number;
  readonly run: () => void;
}

export interface PacedRunOptions {
  readonly steps: readonly PacedStep[];
  readonly clock: LoopbackClock;
  readonly outlet: Outlet;
  /** Called after the last step, unless the run was stopped. */
  readonly onEnd: () => void;
}

/**
 * Does a list of steps, each at its time and none while the outlet is congested. Steps that are due are done before
 * `start` returns. A step, or `onEnd`, may stop the run.
 */
export class PacedRun {
  readonly #options: PacedRunOptions;
  #startedAt = 0;
  #next = 0;
  #timer: unknown;
  #isOver = false;

  constructor(options: PacedRunOptions) {
    this.#options = options;
  }

  start(): void {
    this.#startedAt = this.#options.clock.now();
    this.#advance();
  }

  /** Nothing is done after this. Idempotent. */
  stop(): void {
    this.#isOver = true;
    this.#options.clock.clearTimeout(this.#timer);
  }

  readonly #advance = (): void => {
    const { steps, clock, outlet, onEnd } = this.#options;
    while (!this.#isOver) {
      const step = steps[this.#next];
      if (step === undefined) {
        this.#isOver = true;
        return onEnd();
      }
      if (outlet.isCongested) return outlet.onceFree(this.#advance);
      const wait = this.#startedAt + step.atMs - clock.now();
      if (wait > 0) {
        this.#timer = clock.setTimeout(this.#advance, Math.ceil(wait));
        return;
      }
      this.#next += 1;
      step.run();
    }
  };
}
