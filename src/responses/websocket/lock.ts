import { abortedError } from '../error/responses-error.ts';

/** Lets one holder through at a time, in the order of asking. */
export class Lock {
  #tail: Promise<void> = Promise.resolve();

  /** Resolves with what releases the lock. Rejects as aborted when the signal aborts before it is held. */
  async acquire(signal: AbortSignal): Promise<() => void> {
    const before = this.#tail;
    let release!: () => void;
    this.#tail = new Promise((resolve) => {
      release = resolve;
    });
    const isHeld = await untilAborted(before, signal);
    if (isHeld) return release;
    // The place in the queue is passed on when those before are done.
    void before.then(release);
    throw abortedError();
  }
}

function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = (): void => resolve(false);
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    });
  });
}
