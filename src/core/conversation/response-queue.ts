/**
 * Decides when a response may be asked for: never while one is active, and several wishes become one. The upstream also
 * makes responses of its own accord, after speech.
 */
export class ResponseQueue {
  readonly #send: () => void;
  #isActive = false;
  #isWanted = false;
  /** A response was asked for, and the upstream has not said yet that it made it. */
  #isUnconfirmed = false;
  /** The response whose end was told last. */
  #finishedId: string | null = null;

  constructor(send: () => void) {
    this.#send = send;
  }

  /** Asks for a response, now or when the active one is over. */
  request(): void {
    if (this.#isActive) this.#isWanted = true;
    else this.#ask();
  }

  /** The upstream has made a response. */
  created(responseId: string | null): void {
    if (responseId === this.#finishedId) this.#finishedId = null;
    this.#isActive = true;
    this.#isUnconfirmed = false;
  }

  /** A response is done or was cancelled. An upstream may say both of the same one; it ends once. */
  finished(responseId: string | null): void {
    if (responseId !== null && responseId === this.#finishedId) return;
    this.#finishedId = responseId;
    this.#isActive = false;
    this.#isUnconfirmed = false;
    this.#flush();
  }

  /** The upstream refused to make a response, because it has one that we did not know of. */
  refused(): void {
    this.#isActive = true;
    this.#isUnconfirmed = false;
    this.#isWanted = true;
  }

  /** Something that was sent failed: if a response was asked for and not made, it will not be. */
  failed(): void {
    if (!this.#isUnconfirmed) return;
    this.#isActive = false;
    this.#isUnconfirmed = false;
    this.#flush();
  }

  #flush(): void {
    if (this.#isWanted) this.#ask();
  }

  #ask(): void {
    this.#isActive = true;
    this.#isWanted = false;
    this.#isUnconfirmed = true;
    this.#send();
  }
}
