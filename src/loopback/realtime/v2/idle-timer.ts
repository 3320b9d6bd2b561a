import type { LoopbackClock } from '../../clock.ts';

/** Waits for a caller who has gone quiet. */
export class IdleTimer {
  readonly #clock: LoopbackClock;
  readonly #onIdle: (sinceMs: number) => void;
  #timer: unknown;

  /** `onIdle` gets the `sinceMs` with which the wait began. */
  constructor(clock: LoopbackClock, onIdle: (sinceMs: number) => void) {
    this.#clock = clock;
    this.#onIdle = onIdle;
  }

  /** Begins to wait, anew if it was waiting already. */
  start(timeoutMs: number, sinceMs: number): void {
    this.stop();
    this.#timer = this.#clock.setTimeout(() => this.#onIdle(sinceMs), timeoutMs);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
  }
}
