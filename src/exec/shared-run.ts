/**
 * Work whose result is good for everybody who asked before it began: at most one run is under way, and all who ask
 * meanwhile share the next one.
 */
export class SharedRun<T> {
  readonly #work: () => Promise<T>;
  #current: Promise<T> | null = null;
  #next: Promise<T> | null = null;

  constructor(work: () => Promise<T>) {
    this.#work = work;
  }

  /** The result of a run that begins after the call. */
  run(): Promise<T> {
    if (this.#current === null) return this.#begin();
    this.#next ??= this.#current.then(
      () => this.#begin(),
      () => this.#begin(),
    );
    return this.#next;
  }

  #begin(): Promise<T> {
    this.#next = null;
    const current = this.#work().finally(() => {
      // The next run takes its place at once, so that nobody begins another one beside it.
      if (this.#current === current && this.#next === null) this.#current = null;
    });
    this.#current = current;
    return current;
  }
}
