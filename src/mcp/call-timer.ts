/** Runs out after its time, in which pauses do not count. */
export class CallTimer {
  readonly #onTimeout: () => void;
  #leftMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(milliseconds: number, onTimeout: () => void) {
    this.#leftMs = milliseconds;
    this.#onTimeout = onTimeout;
  }

  run(): void {
    if (this.#timer !== null) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(this.#onTimeout, this.#leftMs);
  }

  pause(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#leftMs = Math.max(this.#leftMs - (performance.now() - this.#startedAt), 0);
  }
}
