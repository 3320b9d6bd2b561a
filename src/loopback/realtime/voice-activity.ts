import { decibels, pcm16Level } from '../../util/pcm.ts';
import { BYTES_PER_MS } from './audio-format.ts';

/** The settings of turn detection that the detector itself needs. */
export interface VoiceActivitySettings {
  /** 0 to 1, as in the API: the higher, the louder speech has to be. */
  readonly threshold: number;
  /** How long it has to be quiet before speech counts as over. */
  readonly silenceMs: number;
}

/** Times are milliseconds of audio since the detector was made. */
export type VoiceActivityEvent =
  | { readonly type: 'started'; readonly startMs: number }
  | {
      readonly type: 'stopped';
      /** The end of the last window that was loud. */
      readonly speechEndMs: number;
      /** The moment at which the stop was found: after the silence, at the limit, or at the end of the audio. */
      readonly endMs: number;
    };

/** The longest stretch of speech; a longer one is cut, so that it can be held in memory. */
export const LONGEST_SPEECH_MS = 60_000;

const WINDOW_MS = 20;
const WINDOW_BYTES = WINDOW_MS * BYTES_PER_MS;

/** Consecutive loud windows that make speech out of a click. */
const SHORTEST_SPEECH_WINDOWS = 3;

/** How far below the level that starts speech the level lies under which silence counts. */
const HYSTERESIS_DB = 6;

/** The level, relative to full scale, at which speech starts: -45 dB for the API's default threshold of 0.5. */
function startLevelDb(threshold: number): number {
  return -65 + 40 * threshold;
}

/**
 * Tells speech from silence by its energy alone, in windows of 20 ms. It counts the audio it is given, not the time that
 * passes, and keeps less than one window of it. Starts and stops alternate, beginning with a start.
 */
export class VoiceActivityDetector {
  #settings: VoiceActivitySettings;
  readonly #window = new Uint8Array(WINDOW_BYTES);
  #windowLength = 0;
  #position = 0;
  #isSpeaking = false;
  #loudWindows = 0;
  #startMs = 0;
  #speechEndMs = 0;

  constructor(settings: VoiceActivitySettings) {
    this.#settings = settings;
  }

  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  /** The earliest audio that a coming start can refer to. */
  get earliestStartMs(): number {
    return this.#position - this.#loudWindows * WINDOW_MS;
  }

  /** Takes effect from the next window on. */
  configure(settings: VoiceActivitySettings): void {
    this.#settings = settings;
  }

  push(bytes: Uint8Array): VoiceActivityEvent[] {
    const events: VoiceActivityEvent[] = [];
    let offset = 0;
    while (offset < bytes.length) {
      const part = bytes.subarray(offset, offset + WINDOW_BYTES - this.#windowLength);
      this.#window.set(part, this.#windowLength);
      this.#windowLength += part.length;
      offset += part.length;
      if (this.#windowLength < WINDOW_BYTES) break;
      this.#windowLength = 0;
      const event = this.#judge(decibels(pcm16Level(this.#window).rms));
      if (event !== null) events.push(event);
    }
    return events;
  }

  /** Ends speech that is under way, for audio that does not go on. */
  finish(): VoiceActivityEvent[] {
    return this.#isSpeaking
      ? [this.#stop(this.#position + Math.floor(this.#windowLength / BYTES_PER_MS))]
      : [];
  }

  /** Forgets speech that is under way; there will be no stop for it. */
  reset(): void {
    this.#isSpeaking = false;
    this.#loudWindows = 0;
  }

  #judge(levelDb: number): VoiceActivityEvent | null {
    const start = startLevelDb(this.#settings.threshold);
    this.#position += WINDOW_MS;
    return this.#isSpeaking
      ? this.#judgeSpeech(levelDb >= start - HYSTERESIS_DB)
      : this.#judgeSilence(levelDb >= start);
  }

  #judgeSilence(isLoud: boolean): VoiceActivityEvent | null {
    this.#loudWindows = isLoud ? this.#loudWindows + 1 : 0;
    if (this.#loudWindows < SHORTEST_SPEECH_WINDOWS) return null;
    this.#startMs = this.earliestStartMs;
    this.#speechEndMs = this.#position;
    this.#isSpeaking = true;
    this.#loudWindows = 0;
    return { type: 'started', startMs: this.#startMs };
  }

  #judgeSpeech(isLoud: boolean): VoiceActivityEvent | null {
    if (isLoud) this.#speechEndMs = this.#position;
    const isQuietEnough = !isLoud && this.#position - this.#speechEndMs >= this.#settings.silenceMs;
    const isTooLong = this.#position - this.#startMs >= LONGEST_SPEECH_MS;
    return isQuietEnough || isTooLong ? this.#stop(this.#position) : null;
  }

  #stop(endMs: number): VoiceActivityEvent {
    this.reset();
    return { type: 'stopped', speechEndMs: this.#speechEndMs, endMs };
  }
}
