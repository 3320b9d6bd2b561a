/** Lets tasks run at the same time that may, and every other one alone. They begin in the order in which they come. */
export class TaskLock {
  /** Resolves when everything that was begun alone is over. */
  #alone: Promise<unknown> = Promise.resolve();
  /** Resolves when everything that was begun since then is over. */
  #shared: Promise<unknown> = Promise.resolve();

  run<T>(isShared: boolean, task: () => Promise<T>): Promise<T> {
    const result = (isShared ? this.#alone : Promise.all([this.#alone, this.#shared])).then(task);
    const over = result.catch(() => {});
    if (isShared) this.#shared = Promise.all([this.#shared, over]);
    else {
      this.#alone = over;
      this.#shared = Promise.resolve();
    }
    return result;
  }
}
