import { BYTES_PER_SECOND } from './audio-format.ts';

/**
 * Says how much of the audio that was received can have been played, if each piece is played as soon as the one before
 * it is over. Audio may come faster than it is played; an interruption throws away what is left.
 */
export class Playhead {
  /** When what was received so far is played out. */
  #endsAt = Number.NEGATIVE_INFINITY;

  received(bytes: number, now: number): void {
    this.#endsAt = Math.max(this.#endsAt, now) + (bytes / BYTES_PER_SECOND) * 1000;
  }

  isPlaying(now: number): boolean {
    return now < this.#endsAt;
  }

  /** Stops playing, and gives the bytes, a whole number of samples, that were not yet played. */
  interrupt(now: number): number {
    const left = Math.max(0, this.#endsAt - now);
    this.#endsAt = Math.min(this.#endsAt, now);
    return Math.round((left / 1000) * (BYTES_PER_SECOND / 2)) * 2;
  }
}
