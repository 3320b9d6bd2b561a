/** A pause after which output that carries no item id is another answer, in milliseconds. */
const PAUSE_MS = 1_500;

/**
 * Tells one answer from the next. The protocol marks neither the start nor the end of a response, so they are taken
 * from what each answer brings: the item id of its audio, the end of its transcript, speech in between, a pause.
 */
export class Answers {
  #count = 0;
  #itemId: string | null = null;
  #isOpen = false;
  #isTranscriptDone = false;
  #unanswered = 0;
  #lastOutputAt = 0;

  /** Answers so far. */
  get count(): number {
    return this.#count;
  }

  /** Each gives true if the output begins a new answer. */
  audio(itemId: string | null, now: number): boolean {
    const isSameItem = itemId !== null && itemId === this.#itemId;
    const isOtherItem = itemId !== null && this.#itemId !== null && itemId !== this.#itemId;
    const isAfterPause = this.#isTranscriptDone && now - this.#lastOutputAt >= PAUSE_MS;
    const isNew = !isSameItem && (!this.#isOpen || isOtherItem || isAfterPause);
    this.#output(isNew, now);
    this.#itemId = itemId ?? this.#itemId;
    return isNew;
  }

  transcriptDelta(now: number): boolean {
    const isNew = !this.#isOpen || this.#isTranscriptDone;
    this.#output(isNew, now);
    return isNew;
  }

  transcriptDone(now: number): boolean {
    // The transcript of an answer that was interrupted is closed after the speech that interrupted it.
    const isNew = this.#count === 0 || (this.#isTranscriptDone && (!this.#isOpen || this.#unanswered > 0));
    this.#output(isNew, now);
    this.#isTranscriptDone = true;
    return isNew;
  }

  /** Someone speaks: what comes now answers that. */
  speech(): void {
    this.#isOpen = false;
  }

  /** A text was sent: a finished transcript may be its answer, whole. */
  asked(): void {
    this.#unanswered += 1;
  }

  #output(isNew: boolean, now: number): void {
    this.#lastOutputAt = now;
    if (!isNew) return;
    this.#count += 1;
    this.#itemId = null;
    this.#isOpen = true;
    this.#unanswered = Math.max(0, this.#unanswered - 1);
    this.#isTranscriptDone = false;
  }
}
