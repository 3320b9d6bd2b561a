import type { RolloutEntry } from './line.ts';

/** Where what happens in a thread is kept. */
export interface Recorder {
  /** Takes entries in their order, without waiting. */
  record(...entries: readonly RolloutEntry[]): void;
  /** Resolves with whether what was recorded so far is kept; false where it cannot be for now. */
  flush(): Promise<boolean>;
}

/** For a thread of which nothing is kept. */
export const NO_RECORDER: Recorder = { record: () => {}, flush: () => Promise.resolve(true) };
