import type { ThreadActiveFlag, ThreadStatus } from '../../protocol/index.ts';

/** In the order in which clients are told of them. */
const FLAGS: readonly ThreadActiveFlag[] = ['waitingOnApproval', 'waitingOnUserInput'];

/** What a thread is doing, derived from what is known of its turns; `onChange` hears only of real changes. */
export class ThreadStatusTracker {
  readonly #onChange: (status: ThreadStatus) => void;
  #isRunning = false;
  #hasFailed = false;
  readonly #waiting: Record<ThreadActiveFlag, number> = { waitingOnApproval: 0, waitingOnUserInput: 0 };
  #told = JSON.stringify({ type: 'idle' });

  constructor(onChange: (status: ThreadStatus) => void) {
    this.#onChange = onChange;
  }

  get status(): ThreadStatus {
    const activeFlags = FLAGS.filter((flag) => this.#waiting[flag] > 0);
    if (this.#isRunning || activeFlags.length > 0) return { type: 'active', activeFlags };
    return { type: this.#hasFailed ? 'systemError' : 'idle' };
  }

  /** A turn started or ended; one that starts clears the failure of the one before. */
  setRunning(isRunning: boolean, hasFailed: boolean): void {
    this.#isRunning = isRunning;
    this.#hasFailed = hasFailed;
    this.#tell();
  }

  /** A person is being asked something, or is not any more. */
  setWaiting(flag: ThreadActiveFlag, isWaiting: boolean): void {
    this.#waiting[flag] += isWaiting ? 1 : -1;
    this.#tell();
  }

  #tell(): void {
    const { status } = this;
    const told = JSON.stringify(status);
    if (told === this.#told) return;
    this.#told = told;
    this.#onChange(status);
  }
}
