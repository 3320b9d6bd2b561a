export interface EndOfCallOptions {
  /** Milliseconds without output after which an answer counts as ended. */
  readonly quietMs: number;
  /** Milliseconds that an answer may take to begin. */
  readonly answerMs: number;
  /** Milliseconds that the agent may work without a sign. */
  readonly workMs: number;
  /** Whether something will be said: a call in which nothing is needs no answer. */
  readonly expectsAnswer: boolean;
}

/** `goOn`, or why the call may end: everything is answered, what is owed did not come, or the agent came to no end. */
export type Verdict = 'goOn' | 'answered' | 'noAnswer' | 'unfinished';

/** Decides when a call is over by itself: the input has ended, and whatever it asked for has been answered. */
export class EndOfCall {
  readonly #options: EndOfCallOptions;
  #inputEndedAt: number | null = null;
  #lastEventAt = Number.NEGATIVE_INFINITY;
  /** The last sign of the agent; null while it does not work. */
  #workedAt: number | null = null;
  #isAnswerOwed: boolean;
  #hasAnswer = false;

  constructor(options: EndOfCallOptions) {
    this.#options = options;
    this.#isAnswerOwed = options.expectsAnswer;
  }

  /** No more audio or text will be sent. */
  inputEnded(now: number): void {
    this.#inputEndedAt ??= now;
  }

  /** The user spoke, or a text was sent: that asks for an answer. */
  userSpoke(now: number): void {
    this.#lastEventAt = now;
    this.#isAnswerOwed = true;
  }

  /** Something else happened that shows the upstream is at work, such as a transcript of what it heard. */
  heard(now: number): void {
    this.#lastEventAt = now;
  }

  /** An answer began. */
  answerBegan(now: number): void {
    this.#lastEventAt = now;
    this.#isAnswerOwed = false;
    this.#hasAnswer = true;
  }

  /** The agent began to work; its result will be spoken. */
  workBegan(now: number): void {
    this.#lastEventAt = now;
    this.#workedAt = now;
  }

  /** A sign that the agent still works. */
  workGoesOn(now: number): void {
    if (this.#workedAt !== null) this.#workedAt = now;
  }

  workEnded(now: number): void {
    if (this.#workedAt === null) return;
    this.#lastEventAt = now;
    this.#workedAt = null;
    this.#isAnswerOwed = true;
  }

  verdict(now: number): Verdict {
    if (this.#inputEndedAt === null) return 'goOn';
    const { quietMs, answerMs, workMs } = this.#options;
    if (this.#workedAt !== null) return now - this.#workedAt < workMs ? 'goOn' : 'unfinished';
    const quiet = now - Math.max(this.#inputEndedAt, this.#lastEventAt);
    if (this.#isAnswerOwed) {
      if (quiet < answerMs) return 'goOn';
      return this.#hasAnswer ? 'answered' : 'noAnswer';
    }
    if (!this.#hasAnswer) return 'answered';
    return quiet < quietMs ? 'goOn' : 'answered';
  }
}
