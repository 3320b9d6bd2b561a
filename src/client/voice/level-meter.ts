/** The quietest level that a meter shows, in decibels below full scale. */
const FLOOR_DB = 60;

const INTERVAL_MS = 60;

/** Thins out the levels of a stream to what a meter on a screen can show. */
export class LevelMeter {
  readonly #intervalMs: number;
  #loudest = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(intervalMs: number = INTERVAL_MS) {
    this.#intervalMs = intervalMs;
  }

  /**
   * Takes the root mean square of the next piece as a part of full scale. Gives the level to show, from 0 for 60 decibels
   * below full scale to 1 for full scale, or null while it is too early for the next one. No peak in between is lost.
   */
  add(rms: number, now: number): number | null {
    this.#loudest = Math.max(this.#loudest, rms);
    if (now - this.#lastAt < this.#intervalMs) return null;
    const level = shown(this.#loudest);
    this.#loudest = 0;
    this.#lastAt = now;
    return level;
  }
}

function shown(rms: number): number {
  return rms <= 0 ? 0 : Math.min(1, Math.max(0, 1 + (20 * Math.log10(rms)) / FLOOR_DB));
}
