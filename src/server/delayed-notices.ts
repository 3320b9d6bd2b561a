import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '../util/errors.ts';
import type { Logger } from '../util/logger.ts';

/** What is told a moment after an answer, and not together with it. */
export class DelayedNotices {
  readonly #logger: Logger;
  readonly #waiting = new Set<Promise<void>>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Calls back after the delay. Resolves then, and never rejects. */
  tell(delayMs: number, notice: () => void): Promise<void> {
    const told = this.#tell(delayMs, notice).finally(() => this.#waiting.delete(told));
    this.#waiting.add(told);
    return told;
  }

  /** Resolves when nothing is to be told any more. */
  async settled(): Promise<void> {
    while (this.#waiting.size > 0) await Promise.all(this.#waiting);
  }

  async #tell(delayMs: number, notice: () => void): Promise<void> {
    await sleep(delayMs);
    try {
      notice();
    } catch (error) {
      this.#logger.warn({ error: errorMessage(error) }, 'what follows an answer failed');
    }
  }
}
