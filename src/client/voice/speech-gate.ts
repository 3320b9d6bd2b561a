/** A frame counts as speech when it is above both: a floor, and a distance below the loudest frame so far. */
const FLOOR = 10 ** (-50 / 20);
const BELOW_LOUDEST = 10 ** (-28 / 20);

/** Tells the frames in which someone speaks from the pauses, whatever the level of the recording. */
export class SpeechGate {
  #loudest = 0;

  /** Takes the root mean square of the next frame as a part of full scale. */
  isSpeech(rms: number): boolean {
    this.#loudest = Math.max(this.#loudest, rms);
    return rms >= FLOOR && rms >= this.#loudest * BELOW_LOUDEST;
  }
}
