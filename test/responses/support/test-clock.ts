import type { Clock } from '../../../src/responses/clock.ts';

interface Timer {
  readonly milliseconds: number;
  readonly callback: () => void;
}

/**
 * Time that only passes for the waits a test says. A wait that `passes` is over as soon as the code that began it has
 * run on; every other wait goes on until `expire`.
 */
export class TestClock implements Clock {
  /** Every wait that was begun, in milliseconds, in order. */
  readonly begun: number[] = [];
  readonly #timers = new Set<Timer>();
  readonly #passes: (milliseconds: number) => boolean;
  readonly #watchers = new Set<() => void>();

  constructor(passes: (milliseconds: number) => boolean = () => false) {
    this.#passes = passes;
  }

  readonly now = (): number => Date.UTC(2026, 0, 31, 12);

  readonly schedule = (milliseconds: number, callback: () => void): (() => void) => {
    this.begun.push(milliseconds);
    const timer = { milliseconds, callback };
    this.#timers.add(timer);
    if (this.#passes(milliseconds)) queueMicrotask(() => this.#fire(timer));
    for (const look of [...this.#watchers]) look();
    return () => void this.#timers.delete(timer);
  };

  /** Ends every wait of this length, as soon as there is one. */
  async expire(milliseconds: number): Promise<void> {
    const running = (): Timer[] => [...this.#timers].filter((timer) => timer.milliseconds === milliseconds);
    await this.#until(() => running().length > 0);
    for (const timer of running()) this.#fire(timer);
  }

  /** Resolves when so many waits were begun. */
  untilBegun(count: number): Promise<void> {
    return this.#until(() => this.begun.length >= count);
  }

  get pending(): number[] {
    return [...this.#timers].map(({ milliseconds }) => milliseconds);
  }

  #until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isTrue()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  #fire(timer: Timer): void {
    if (this.#timers.delete(timer)) timer.callback();
  }
}
