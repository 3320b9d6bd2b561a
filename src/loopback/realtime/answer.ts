import { splitWords } from '../words.ts';
import { tonesFor } from './tones.ts';
import type { UtteranceFacts } from './utterance.ts';
import { echoText } from './wording.ts';

/** Something to say: words, and the sound that goes with them. */
export interface SpokenAnswer {
  readonly kind: 'spoken';
  readonly text: string;
  /** Made only when it is going to be played. */
  readonly audio: () => Uint8Array;
}

/** A function to call. */
export interface CallAnswer {
  readonly kind: 'call';
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

export type Answer = SpokenAnswer | CallAnswer;

/** The caller's own voice. */
export function echoAnswer(audio: Uint8Array, facts: UtteranceFacts): SpokenAnswer {
  return { kind: 'spoken', text: echoText(facts), audio: () => audio.subarray(0, facts.echoBytes) };
}

/** Words of the loopback's own, with a tone for each. */
export function wordsAnswer(text: string): SpokenAnswer {
  return { kind: 'spoken', text, audio: () => tonesFor(splitWords(text)) };
}
