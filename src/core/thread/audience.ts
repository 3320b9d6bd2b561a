import { IdleTimer } from './idle-timer.ts';

export interface AudienceOptions {
  /** How long there may be neither a client nor anything to do until the thread counts as idle, in milliseconds. */
  readonly unloadAfterMs: number;
  /** Whether something is under way that is to end first. */
  readonly isBusy: () => boolean;
  readonly onIdle: () => void;
  /** Nobody is there any more to hear a call. */
  readonly onDeserted: () => void;
}

/** How long a call goes on when no client follows its thread any more: a page may be loading anew. */
const DESERTED_CALL_MS = 10_000;

/** The clients that follow a thread, and what becomes of it without them. */
export class Audience {
  readonly #idleTimer: IdleTimer;
  readonly #callTimer: IdleTimer;
  #clients = 0;
  #isClosed = false;

  constructor({ isBusy, onDeserted, onIdle, unloadAfterMs }: AudienceOptions) {
    this.#callTimer = new IdleTimer(DESERTED_CALL_MS, onDeserted);
    this.#idleTimer = new IdleTimer(unloadAfterMs, () => {
      if (isBusy()) this.#idleTimer.restart();
      else onIdle();
    });
  }

  join(): void {
    this.#clients += 1;
    this.#idleTimer.stop();
    this.#callTimer.stop();
  }

  leave(): void {
    this.#clients -= 1;
    this.watch();
    if (this.#clients === 0 && !this.#isClosed) this.#callTimer.restart();
  }

  /** Something has ended: without a client, the time until the thread counts as idle begins anew. */
  watch(): void {
    if (this.#clients === 0 && !this.#isClosed) this.#idleTimer.restart();
  }

  close(): void {
    this.#isClosed = true;
    this.#idleTimer.stop();
    this.#callTimer.stop();
  }
}
