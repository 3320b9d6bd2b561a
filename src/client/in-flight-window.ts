import { deferred } from '../util/deferred.ts';
import type { Deferred } from '../util/deferred.ts';

/** Lets a bounded number of operations run at once; the others wait their turn, first come first served. */
export class InFlightWindow {
  readonly #limit: number;
  readonly #waiting: Deferred<boolean>[] = [];
  readonly #whenIdle: Deferred<void>[] = [];
  #running = 0;
  #isClosed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many callers of `turn` wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Goes in if there is room, which asks for one `leave`. */
  tryEnter(): boolean {
    if (this.#isClosed || this.#running >= this.#limit) return false;
    this.#running += 1;
    return true;
  }

  /** Waits for room where there was none. Gives true when in, which asks for one `leave`, and false once closed. */
  turn(): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false);
    const turn = deferred<boolean>();
    this.#waiting.push(turn);
    return turn.promise;
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      // The place passes to the one who waited longest.
      next.resolve(true);
      return;
    }
    this.#running -= 1;
    if (this.#running === 0) for (const idle of this.#whenIdle.splice(0)) idle.resolve();
  }

  /** Lets nobody in any more; those who wait are told so. */
  close(): void {
    this.#isClosed = true;
    for (const turn of this.#waiting.splice(0)) turn.resolve(false);
  }

  /** Resolves when nothing runs and nobody waits. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    const idle = deferred();
    this.#whenIdle.push(idle);
    return idle.promise;
  }
}
