import { deferred } from '../util/deferred.ts';
import { abortedError } from './error/responses-error.ts';

/** Time as this layer uses it; injected, so that a test can be its master. */
export interface Clock {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Calls back once after so many milliseconds, unless what it returned is called first. */
  readonly schedule: (milliseconds: number, callback: () => void) => () => void;
}

/** Node ends a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (milliseconds, callback) => {
    const timer = setTimeout(callback, Math.min(milliseconds, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly milliseconds: number;
  readonly signal: AbortSignal;
  /** What a wait is rejected with when the time is over. */
  readonly expired: () => Error;
}

/**
 * A bound on one or more waits. It ends when the time is over or the signal aborts, and must be cleared when the
 * waiting is done.
 */
export class Deadline {
  readonly #over = deferred<never>();
  readonly #signal: AbortSignal;
  readonly #cancelTimer: () => void;
  readonly #onAbort = (): void => this.#over.reject(abortedError());

  constructor({ clock, milliseconds, signal, expired }: DeadlineOptions) {
    this.#signal = signal;
    // A deadline that ends while nothing waits on it is no fault.
    this.#over.promise.catch(() => {});
    this.#cancelTimer = clock.schedule(milliseconds, () => this.#over.reject(expired()));
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
  }

  /** Waits for a promise. Rejects with what `expired` gives, or as aborted, if the deadline ends first. */
  wait<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([this.#over.promise, promise]);
  }

  clear(): void {
    this.#cancelTimer();
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}

/** Waits for a promise under a deadline of its own. */
export async function withDeadline<T>(promise: Promise<T>, options: DeadlineOptions): Promise<T> {
  const deadline = new Deadline(options);
  try {
    return await deadline.wait(promise);
  } finally {
    deadline.clear();
  }
}

/** Resolves after so many milliseconds. Rejects as aborted when the signal aborts first. */
export function sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      cancel();
      reject(abortedError());
    };
    const cancel = clock.schedule(milliseconds, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
