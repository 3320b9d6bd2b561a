import { ResponseRun } from './response-run.ts';
import type { CancelReason, ResponseRequest, ResponseRunOptions } from './response-run.ts';

/** How many responses may wait for the one that is being given. */
const MOST_WAITING = 32;

export type ResponderOptions = Omit<ResponseRunOptions, 'request' | 'onEnd'> & {
  /** Called whenever a response has ended and none follows. */
  readonly onIdle: () => void;
};

/** Gives responses one at a time; others wait their turn, in order. */
export class Responder {
  readonly #options: ResponderOptions;
  #active: ResponseRun | null = null;
  #waiting: ResponseRequest[] = [];
  #isHeld = false;

  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  get activeId(): string | null {
    return this.#active?.id ?? null;
  }

  /** True when no more responses can wait. */
  get isFull(): boolean {
    return this.#waiting.length >= MOST_WAITING;
  }

  /** Gives a response as soon as it may be given. Must not be called while the responder is full. */
  enqueue(request: ResponseRequest): void {
    this.#waiting.push(request);
    this.#advance();
  }

  /** Gives a response before all that wait. There must be none active. */
  startNow(request: ResponseRequest): void {
    const run: ResponseRun = new ResponseRun({ ...this.#options, request, onEnd: () => this.#ended(run) });
    this.#active = run;
    run.start();
  }

  /** Stops the active response. False means that there was none, or another than the one that was meant. */
  cancel(reason: CancelReason, responseId: string | null = null): boolean {
    const run = this.#active;
    if (run === null || (responseId !== null && responseId !== run.id)) return false;
    run.cancel(reason);
    return true;
  }

  /** Keeps waiting responses back, for as long as somebody speaks. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#advance();
  }

  /** Ends everything in silence. */
  dispose(): void {
    this.#waiting = [];
    this.#active?.dispose();
    this.#active = null;
  }

  #ended(run: ResponseRun): void {
    if (this.#active !== run) return;
    this.#active = null;
    this.#advance();
    if (this.#active === null) this.#options.onIdle();
  }

  #advance(): void {
    if (this.#active !== null || this.#isHeld) return;
    const next = this.#waiting.shift();
    if (next !== undefined) this.startNow(next);
  }
}
