import type { LoopbackClock } from '../clock.ts';
import { BYTES_PER_MS, bytesToMs } from './audio-format.ts';
import { PcmBuffer } from './pcm-buffer.ts';
import { committedUtterance, spokenUtterance } from './utterance.ts';
import type { Utterance } from './utterance.ts';
import { VoiceActivityDetector } from './voice-activity.ts';
import type { VoiceActivityEvent, VoiceActivitySettings } from './voice-activity.ts';

export interface TurnDetectionSettings extends VoiceActivitySettings {
  /** How much of what came before the speech belongs to the utterance. */
  readonly prefixMs: number;
}

/** Times are milliseconds of all audio received in the session. */
export interface InputAudioListener {
  speechStarted(startMs: number): void;
  speechStopped(endMs: number, utterance: Utterance): void;
}

/** Less than this cannot be committed, as in the API. */
export const SHORTEST_COMMIT_MS = 100;

/** The most audio held when the client itself says where an utterance ends. */
export const LONGEST_MANUAL_MS = 600_000;

/** Added to the silence that ends speech when no audio at all arrives any more. */
const STALL_SLACK_MS = 400;

/**
 * The input audio buffer of a session. With turn detection it finds utterances by itself and keeps no more than one of
 * them, or the padding for the next; without, it keeps what it is given until it is committed.
 */
export class InputAudio {
  readonly #clock: LoopbackClock;
  readonly #listener: InputAudioListener;
  readonly #buffer = new PcmBuffer();
  #settings: TurnDetectionSettings | null;
  #detector: VoiceActivityDetector | null = null;
  /** Where in the stream the detector's time begins, in bytes. */
  #detectorOrigin = 0;
  #utteranceStart = 0;
  #speechStart = 0;
  #stallTimer: unknown;

  constructor(settings: TurnDetectionSettings | null, clock: LoopbackClock, listener: InputAudioListener) {
    this.#clock = clock;
    this.#listener = listener;
    this.#settings = settings;
    this.#detector = settings && new VoiceActivityDetector(settings);
  }

  get isSpeaking(): boolean {
    return this.#detector?.isSpeaking ?? false;
  }

  /** Milliseconds of audio received in the session. */
  get receivedMs(): number {
    return bytesToMs(this.#buffer.end);
  }

  /** Changes turn detection; null is manual. Taking it away ends the utterance under way. */
  configure(settings: TurnDetectionSettings | null): void {
    if (settings === null) this.#finish();
    this.#settings = settings;
    if (settings === null) {
      this.#detector = null;
    } else if (this.#detector !== null) {
      this.#detector.configure(settings);
    } else {
      this.#detector = new VoiceActivityDetector(settings);
      this.#detectorOrigin = this.#buffer.end;
    }
    this.#trim();
  }

  /** Takes the next samples. False means that they were refused: the buffer is full, and has to be committed first. */
  append(samples: Uint8Array): boolean {
    if (this.#detector === null && this.#buffer.length + samples.length > LONGEST_MANUAL_MS * BYTES_PER_MS)
      return false;
    this.#buffer.append(samples);
    if (this.#detector === null) return true;
    for (const event of this.#detector.push(samples)) this.#heard(event);
    this.#trim();
    this.#watchForStall();
    return true;
  }

  /** Takes everything out of the buffer, or null when there is too little. Speech under way ends without a stop. */
  commit(): Utterance | null {
    const from = this.isSpeaking ? this.#utteranceStart : this.#buffer.start;
    const audio = this.#buffer.copy(from, this.#buffer.end);
    if (bytesToMs(audio.length) < SHORTEST_COMMIT_MS) return null;
    this.clear();
    return committedUtterance(audio);
  }

  /** Forgets what is in the buffer, and speech under way with it. */
  clear(): void {
    this.#buffer.clear();
    this.#detector?.reset();
    this.#clock.clearTimeout(this.#stallTimer);
  }

  /** Stops every timer. */
  dispose(): void {
    this.clear();
  }

  #heard(event: VoiceActivityEvent): void {
    if (event.type === 'started') {
      this.#speechStart = this.#offset(event.startMs);
      const padding = (this.#settings?.prefixMs ?? 0) * BYTES_PER_MS;
      this.#utteranceStart = Math.max(this.#buffer.start, this.#speechStart - padding);
      return this.#listener.speechStarted(bytesToMs(this.#utteranceStart));
    }
    const end = this.#offset(event.endMs);
    const utterance = spokenUtterance(
      this.#buffer.copy(this.#utteranceStart, end),
      bytesToMs(this.#speechStart - this.#utteranceStart),
      bytesToMs(this.#offset(event.speechEndMs) - this.#utteranceStart),
    );
    this.#buffer.dropBefore(end);
    this.#listener.speechStopped(bytesToMs(end), utterance);
  }

  #offset(detectorMs: number): number {
    return this.#detectorOrigin + detectorMs * BYTES_PER_MS;
  }

  /** Keeps the utterance under way, or what could become the padding of the next one. */
  #trim(): void {
    if (this.#detector === null || this.#settings === null) return;
    const padding = this.#settings.prefixMs * BYTES_PER_MS;
    const needed = this.isSpeaking
      ? this.#utteranceStart
      : this.#offset(this.#detector.earliestStartMs) - padding;
    this.#buffer.dropBefore(needed);
  }

  /** Detection counts audio, not time; a client that stops sending in mid-speech must still get its answer. */
  #watchForStall(): void {
    this.#clock.clearTimeout(this.#stallTimer);
    if (!this.isSpeaking) return;
    const patience = (this.#settings?.silenceMs ?? 0) + STALL_SLACK_MS;
    this.#stallTimer = this.#clock.setTimeout(() => this.#finish(), patience);
  }

  #finish(): void {
    this.#clock.clearTimeout(this.#stallTimer);
    for (const event of this.#detector?.finish() ?? []) this.#heard(event);
    this.#trim();
  }
}
