/** Calls back when nothing has started it anew for its time. It does not keep the process alive. */
export class IdleTimer {
  readonly #delayMs: number;
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(delayMs: number, onIdle: () => void) {
    this.#delayMs = delayMs;
    this.#onIdle = onIdle;
  }

  restart(): void {
    this.stop();
    this.#timer = setTimeout(this.#onIdle, this.#delayMs).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
