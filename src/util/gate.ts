import { deferred } from './deferred.ts';
import type { Deferred } from './deferred.ts';

/** Holds up those who pass for as long as anybody keeps it shut. */
export class Gate {
  #holds = 0;
  #shut: Deferred<void> | null = null;

  /** Shuts the gate, until `release` was called as often. */
  hold(): void {
    this.#holds += 1;
    this.#shut ??= deferred();
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds > 0) return;
    this.#shut?.resolve();
    this.#shut = null;
  }

  get isShut(): boolean {
    return this.#shut !== null;
  }

  /** Resolves when the gate is open, or the signal aborts. */
  async pass(signal: AbortSignal): Promise<void> {
    const aborted = deferred();
    const onAbort = (): void => aborted.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (this.#shut !== null && !signal.aborted)
        await Promise.race([this.#shut.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }
}
