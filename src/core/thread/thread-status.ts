import type { ThreadStatus } from '../../protocol/index.ts';

/** What a thread is doing, derived from what is known of its turns; `onChange` hears only of real changes. */
export class ThreadStatusTracker {
  readonly #onChange: (status: ThreadStatus) => void;
  #isRunning = false;
  #hasFailed = false;
  #current: ThreadStatus['type'] = 'idle';

  constructor(onChange: (status: ThreadStatus) => void) {
    this.#onChange = onChange;
  }

  get status(): ThreadStatus {
    return this.#current === 'active' ? { type: 'active', activeFlags: [] } : { type: this.#current };
  }

  /** A turn started or ended; one that starts clears the failure of the one before. */
  setRunning(isRunning: boolean, hasFailed: boolean): void {
    this.#isRunning = isRunning;
    this.#hasFailed = hasFailed;
    const next = this.#isRunning ? 'active' : this.#hasFailed ? 'systemError' : 'idle';
    if (next === this.#current) return;
    this.#current = next;
    this.#onChange(this.status);
  }
}
