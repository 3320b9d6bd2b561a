import { decibels, pcm16Level } from '../../util/pcm.ts';
import { BYTES_PER_MS, bytesToMs } from './audio-format.ts';

/** What was heard, from the padding before the speech to the silence after it. */
export interface Utterance extends UtteranceFacts {
  readonly audio: Uint8Array;
}

/** What is known of an utterance without its audio. */
export interface UtteranceFacts {
  /** The part of the audio that an echo plays, from its beginning: without most of the silence at the end. */
  readonly echoBytes: number;
  /** Length of the speech itself, or of everything when nobody looked for speech in it. */
  readonly spokenMs: number;
  readonly isSpeech: boolean;
  readonly rmsDb: number;
  readonly peakDb: number;
}

/** How much of the silence after the speech an echo keeps, so that it does not end abruptly. */
const ECHO_TAIL_MS = 100;

/** Makes an utterance out of audio in which speech was found between two times, counted from the start of `audio`. */
export function spokenUtterance(audio: Uint8Array, speechStartMs: number, speechEndMs: number): Utterance {
  const speech = audio.subarray(speechStartMs * BYTES_PER_MS, speechEndMs * BYTES_PER_MS);
  const echoBytes = Math.min(audio.length, (speechEndMs + ECHO_TAIL_MS) * BYTES_PER_MS);
  return { audio, echoBytes, spokenMs: speechEndMs - speechStartMs, isSpeech: true, ...levels(speech) };
}

/** Makes an utterance out of audio that a client committed by itself. */
export function committedUtterance(audio: Uint8Array): Utterance {
  return {
    audio,
    echoBytes: audio.length,
    spokenMs: bytesToMs(audio.length),
    isSpeech: false,
    ...levels(audio),
  };
}

/** 16 bits hold nothing quieter, and JSON has no infinity. */
const QUIETEST_DB = -96;

function levels(audio: Uint8Array): { rmsDb: number; peakDb: number } {
  const { rms, peak } = pcm16Level(audio);
  return { rmsDb: Math.max(QUIETEST_DB, decibels(rms)), peakDb: Math.max(QUIETEST_DB, decibels(peak)) };
}
