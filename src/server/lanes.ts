import { overloaded } from './errors.ts';

/** How many requests may wait in one lane. */
const MAX_WAITING = 4096;

/**
 * Keeps the requests of one thread, or of one other scope, in their order: each enters when the one before it has
 * left. Lanes do not wait for one another.
 */
export class Lanes {
  /** A lane that is busy, with those who wait for it. */
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Null when the lane was free, else a promise for the turn to come. Throws when the lane is full. */
  enter(lane: string): Promise<void> | null {
    const waiting = this.#waiting.get(lane);
    if (waiting === undefined) {
      this.#waiting.set(lane, []);
      return null;
    }
    if (waiting.length >= MAX_WAITING) {
      throw overloaded(`Server overloaded; ${MAX_WAITING} requests wait already. Retry later.`);
    }
    return new Promise((resolve) => waiting.push(resolve));
  }

  leave(lane: string): void {
    const next = this.#waiting.get(lane)?.shift();
    if (next === undefined) this.#waiting.delete(lane);
    else next();
  }
}
