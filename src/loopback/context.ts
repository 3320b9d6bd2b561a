import type { LoopbackClock } from './clock.ts';
import type { NewId } from './ids.ts';

/** Something worth a line in a log. Fields hold ids, counts and codes, never keys, audio or text. */
export interface LoopbackEvent {
  readonly name: string;
  readonly [field: string]: string | number | boolean | null;
}

/** What every part of the loopback gets from outside. */
export interface LoopbackContext {
  readonly clock: LoopbackClock;
  readonly newId: NewId;
  readonly onEvent: (event: LoopbackEvent) => void;
}
