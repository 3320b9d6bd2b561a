/**
 * Measures how long each answer took to begin: from the end of the speech as the upstream reports it, else from the
 * end of the last input frame that was not silent, or from the text that was sent, whichever is newest.
 */
export class Latency {
  readonly #samples: number[] = [];
  #speechStoppedAt: number | null = null;
  #lastSpeechFrameAt: number | null = null;
  #textSentAt: number | null = null;

  /** Milliseconds of each answer, in the order they came. */
  get samples(): readonly number[] {
    return this.#samples;
  }

  speechFrame(now: number): void {
    this.#lastSpeechFrameAt = now;
  }

  speechStopped(now: number): void {
    this.#speechStoppedAt = now;
  }

  textSent(now: number): void {
    this.#textSentAt = now;
  }

  /** The first output of an answer. One that nobody asked for since the last is not measured. */
  answerBegan(now: number): void {
    const speechEndedAt = this.#speechStoppedAt ?? this.#lastSpeechFrameAt;
    const since = Math.max(speechEndedAt ?? -Infinity, this.#textSentAt ?? -Infinity);
    this.#speechStoppedAt = null;
    this.#lastSpeechFrameAt = null;
    this.#textSentAt = null;
    if (since !== -Infinity) this.#samples.push(Math.max(0, now - since));
  }
}

/** Half of the values are no larger than this one. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? null;
}
