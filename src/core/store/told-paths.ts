const MAX_PATHS = 16_384;

/** Remembers which paths were told of. Beyond a bound, the ones that were told of first are forgotten. */
export class ToldPaths {
  readonly #maxPaths: number;
  readonly #paths = new Set<string>();

  constructor(maxPaths = MAX_PATHS) {
    this.#maxPaths = maxPaths;
  }

  /** Whether the path is new. */
  add(path: string): boolean {
    if (this.#paths.has(path)) return false;
    this.#paths.add(path);
    for (const oldest of this.#paths) {
      if (this.#paths.size <= this.#maxPaths) break;
      this.#paths.delete(oldest);
    }
    return true;
  }
}
