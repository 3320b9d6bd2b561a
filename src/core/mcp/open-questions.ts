/** How many questions of one server, and of all servers of a thread, the user is asked at a time. */
const MAX_PER_SERVER = 4;
const MAX_QUESTIONS = 16;

/** Counts what the servers of a thread are asking, so that none of them can ask without end. */
export class OpenQuestions {
  readonly #counts = new Map<string, number>();
  #total = 0;

  /** Asks, unless the server or all of them ask too much already: null then. */
  async during<T>(server: string, ask: () => Promise<T>): Promise<T | null> {
    const count = this.#counts.get(server) ?? 0;
    if (count >= MAX_PER_SERVER || this.#total >= MAX_QUESTIONS) return null;
    this.#add(server, 1);
    try {
      return await ask();
    } finally {
      this.#add(server, -1);
    }
  }

  #add(server: string, change: 1 | -1): void {
    const count = (this.#counts.get(server) ?? 0) + change;
    if (count === 0) this.#counts.delete(server);
    else this.#counts.set(server, count);
    this.#total += change;
  }
}
