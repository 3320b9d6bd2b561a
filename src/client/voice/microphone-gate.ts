/** How loud a chunk must be to pass while an answer plays: this many of 32,767 steps, as a part of full scale. */
const LOUD = 4_000 / 32_768;

const GRACE_MS = 900;

export interface MicrophoneGateOptions {
  /** A gate that is off lets everything pass; it is on unless this is false. */
  readonly isOn?: boolean;
  /** Milliseconds for which a loud chunk keeps the gate open. */
  readonly graceMs?: number;
  /** The peak of a loud chunk, as a part of full scale. */
  readonly loudPeak?: number;
}

/**
 * Keeps the answer that comes out of a loudspeaker from going back into the call through the microphone. While playback
 * is queued, only what is loud passes, and what follows it for a while; otherwise everything does.
 *
 * What is held back is best sent as silence: the service finds the end of speech by the silence that follows it.
 */
export class MicrophoneGate {
  /** Turns the gate on or off, at any time. */
  isOn: boolean;
  readonly #graceMs: number;
  readonly #loudPeak: number;
  #openUntil = Number.NEGATIVE_INFINITY;

  constructor({ isOn = true, graceMs = GRACE_MS, loudPeak = LOUD }: MicrophoneGateOptions = {}) {
    this.isOn = isOn;
    this.#graceMs = graceMs;
    this.#loudPeak = loudPeak;
  }

  /**
   * Says whether the next chunk may be sent. `peak` is that of the chunk as a part of full scale, `isPlaying` whether
   * there is anything left to play, and `now` a time in milliseconds.
   */
  passes(peak: number, isPlaying: boolean, now: number): boolean {
    if (!this.isOn || !isPlaying) {
      this.#openUntil = Number.NEGATIVE_INFINITY;
      return true;
    }
    if (peak >= this.#loudPeak) this.#openUntil = now + this.#graceMs;
    return now < this.#openUntil;
  }
}
