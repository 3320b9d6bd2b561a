export interface PacerOptions {
  /** Milliseconds of one frame. */
  readonly frameMs: number;
  /** What may be caught up at once after a stall; what was missed beyond that stays behind for good. */
  readonly maxBurstMs: number;
}

/**
 * Says how many frames of a real-time stream may have been sent by now. Every frame has its own due time counted from
 * the first, so that lateness of one does not delay the next and no rounding adds up.
 */
export class Pacer {
  readonly #frameMs: number;
  readonly #maxBurstMs: number;
  #origin: number | null = null;
  #sent = 0;

  constructor({ frameMs, maxBurstMs }: PacerOptions) {
    this.#frameMs = frameMs;
    this.#maxBurstMs = maxBurstMs;
  }

  /** Frames that may be sent at this time. The first call starts the stream. */
  due(now: number): number {
    this.#origin ??= now;
    const behind = now - this.#dueTime(this.#origin);
    if (behind < 0) return 0;
    if (behind > this.#maxBurstMs) this.#origin += behind - this.#maxBurstMs;
    return Math.floor((now - this.#dueTime(this.#origin)) / this.#frameMs) + 1;
  }

  /** Counts one frame as sent. */
  sent(): void {
    this.#sent += 1;
  }

  /** Milliseconds until the next frame is due; 0 if it is. */
  untilNext(now: number): number {
    return this.#origin === null ? 0 : Math.max(0, this.#dueTime(this.#origin) - now);
  }

  #dueTime(origin: number): number {
    return origin + this.#sent * this.#frameMs;
  }
}
