interface Task {
  readonly isShared: boolean;
  readonly begin: () => Promise<void>;
}

/** How many tasks run at the same time. */
const MOST_SHARED = 16;

/** Lets tasks run at the same time that may, and every other one alone. They begin in the order in which they come. */
export class TaskLock {
  readonly #waiting: Task[] = [];
  #running = 0;
  #isAlone = false;

  run<T>(isShared: boolean, task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const begin = async (): Promise<void> => {
        try {
          resolve(await task());
        } catch (error) {
          reject(error);
        }
      };
      this.#waiting.push({ isShared, begin });
      this.#beginNext();
    });
  }

  #beginNext(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#hasRoomFor(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#running += 1;
      this.#isAlone = !next.isShared;
      void next.begin().then(() => {
        this.#running -= 1;
        this.#isAlone = false;
        this.#beginNext();
      });
    }
  }

  #hasRoomFor({ isShared }: Task): boolean {
    return isShared ? !this.#isAlone && this.#running < MOST_SHARED : this.#running === 0;
  }
}
