/** Collects how to let go of what was opened, so that one place lets go of all of it, whatever has been opened by then. */
export class ReleaseStack {
  #releases: (() => void)[] = [];
  #isReleased = false;

  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** Adds what lets go of something that was opened just now. It is let go of at once if the rest already was. */
  add(release: () => void): void {
    if (this.#isReleased) run(release);
    else this.#releases.push(release);
  }

  /** Listens to a target until everything is let go of. */
  listen(target: EventTarget, type: string, listener: (event: Event) => void): void {
    target.addEventListener(type, listener);
    this.add(() => target.removeEventListener(type, listener));
  }

  /** Lets go of everything, what was opened last first. Idempotent. */
  release(): void {
    this.#isReleased = true;
    for (const release of this.#releases.splice(0).toReversed()) run(release);
  }
}

/** One that fails must not keep the others open; it surfaces as an uncaught error. */
function run(release: () => void): void {
  try {
    release();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
