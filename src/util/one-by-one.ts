/** Does tasks one after the other, in the order in which they come. */
export class OneByOne {
  readonly #most: number;
  #count = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** `most` tasks are taken at a time, the one that runs included. */
  constructor(most: number) {
    this.#most = most;
  }

  /** What the task gives when its turn has come; null, and nothing is done, where too many wait already. */
  run<T>(task: () => Promise<T>): Promise<T> | null {
    if (this.#count >= this.#most) return null;
    this.#count += 1;
    const result = this.#last.then(task);
    const onEnd = (): void => {
      this.#count -= 1;
    };
    this.#last = result.then(onEnd, onEnd);
    return result;
  }
}
