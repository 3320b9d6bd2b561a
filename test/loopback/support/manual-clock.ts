import type { LoopbackClock } from '../../../src/loopback/index.ts';

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements LoopbackClock {
  #now = 1_700_000_000_000;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  get timerCount(): number {
    return this.#timers.size;
  }

  setTimeout(callback: () => void, milliseconds: number): Timer {
    const timer = { dueAt: this.#now + milliseconds, callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  /** Lets time pass in one step: what has become due runs once, and late. */
  jump(milliseconds: number): void {
    this.#now += milliseconds;
    this.advance(0);
  }

  /** Lets time pass and runs what becomes due, in order, at its time. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let timer = this.#nextDue(end); timer !== undefined; timer = this.#nextDue(end)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.dueAt);
      timer.callback();
    }
    this.#now = end;
  }

  #nextDue(end: number): Timer | undefined {
    const due = [...this.#timers].filter(({ dueAt }) => dueAt <= end);
    return due.toSorted((one, other) => one.dueAt - other.dueAt)[0];
  }
}
