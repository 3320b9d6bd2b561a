/** A pause in speech that is shorter does not end it, in milliseconds. */
const STILL_SPEAKING_MS = 200;

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

  /** What was said is the agent's work now: what answers it is measured from the end of that. */
  handedOver(): void {
    this.#forget();
  }

  /** The agent is done, which is to be spoken like the answer to a text. */
  workEnded(now: number): void {
    this.#textSentAt = now;
  }

  /** The first output of an answer. One that nobody asked for since the last is not measured. */
  answerBegan(now: number): void {
    const since = Math.max(this.#speechEndedAt(now) ?? -Infinity, this.#textSentAt ?? -Infinity);
    this.#forget();
    if (since !== -Infinity) this.#samples.push(Math.max(0, now - since));
  }

  #speechEndedAt(now: number): number | null {
    if (this.#speechStoppedAt !== null) return this.#speechStoppedAt;
    // What comes while someone still speaks answers the text.
    const isSpeaking = this.#lastSpeechFrameAt !== null && now - this.#lastSpeechFrameAt < STILL_SPEAKING_MS;
    return isSpeaking && this.#textSentAt !== null ? null : this.#lastSpeechFrameAt;
  }

  #forget(): void {
    this.#speechStoppedAt = null;
    this.#lastSpeechFrameAt = null;
    this.#textSentAt = null;
  }
}

/** Half of the values are no larger than this one. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? null;
}
