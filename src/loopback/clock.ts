/** Time as the loopback uses it, so that a test can be its master. */
export interface LoopbackClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  /** Takes what `setTimeout` gave; a timer that has run, or `undefined`, is ignored. */
  clearTimeout(timer: unknown): void;
}

/** The real time. It never jumps when the machine's clock is set. */
export const systemClock: LoopbackClock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};
