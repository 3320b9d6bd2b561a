import type { LoopbackClock } from '../../clock.ts';

/** How many texts may wait for their answer to become due. */
const MOST_TEXTS = 32;

/**
 * How long a text waits for the client's own `response.create`. Clients of the API send one right after the text; others
 * send none, and get their answer all the same once this has passed.
 */
export const AUTOMATIC_ANSWER_DELAY_MS = 200;

interface WaitingText {
  readonly itemId: string;
  readonly order: number;
  readonly timer: unknown;
}

/** The items that nothing was answered to yet. */
export class Unanswered {
  readonly #clock: LoopbackClock;
  readonly #onDue: (itemId: string) => void;
  #texts: WaitingText[] = [];
  /** The last item that is answered only on demand; those before it are let go. */
  #onDemand: { readonly itemId: string; readonly order: number } | null = null;
  #order = 0;

  /** `onDue` gets the id of each text for whose answer nobody asked in time. */
  constructor(clock: LoopbackClock, onDue: (itemId: string) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** True when no more texts can be taken. */
  get isFull(): boolean {
    return this.#texts.length >= MOST_TEXTS;
  }

  /** Adds an item that is answered by itself after a while. */
  addText(itemId: string): void {
    const timer = this.#clock.setTimeout(() => {
      this.#texts = this.#texts.filter((text) => text.itemId !== itemId);
      this.#onDue(itemId);
    }, AUTOMATIC_ANSWER_DELAY_MS);
    this.#order += 1;
    this.#texts.push({ itemId, order: this.#order, timer });
  }

  /** Adds an item that is answered only when the client asks for a response. */
  addOnDemand(itemId: string): void {
    this.#order += 1;
    this.#onDemand = { itemId, order: this.#order };
  }

  /** Takes the item that came last, or null when there is none. */
  takeLatest(): string | null {
    const text = this.#texts.at(-1);
    const onDemand = this.#onDemand;
    if (text === undefined || (onDemand !== null && onDemand.order > text.order)) {
      this.#onDemand = null;
      return onDemand?.itemId ?? null;
    }
    this.#texts.pop();
    this.#clock.clearTimeout(text.timer);
    return text.itemId;
  }

  dispose(): void {
    for (const { timer } of this.#texts) this.#clock.clearTimeout(timer);
    this.#texts = [];
    this.#onDemand = null;
  }
}
