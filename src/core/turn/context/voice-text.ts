/** Whether a call is on, as a turn finds it. */
export interface VoiceState {
  readonly isLive: boolean;
  /** Tells one call of a thread from the others; 0 for one of an earlier process. */
  readonly call: number;
  /** The configured text for the start of a call; null is the one below. */
  readonly startInstructions: string | null;
}

const START = `The user talks to you through a voice assistant from here on. What you are given was spoken and transcribed, so \
words may be wrong and punctuation missing; it comes with what was said around it. What you write is not shown as it is: the \
assistant sums it up aloud. Be brief, act rather than explain, and say first what came of it. Not everything that is said \
needs work: where nothing is to be done, say so in a word.`;

const END = `The call is over. The user types again, so read what follows as it is written, and no longer expect words that were \
misheard.

Reason: inactive`;

/**
 * Tells the model that a call has begun or ended since it was told last. `told` is null where that is not known any more;
 * then the state of the last turn decides whether an end is news. A call in the place of another one counts as begun.
 */
export function voiceText(now: VoiceState, told: VoiceState | null, wasLive: boolean): string[] {
  if (now.isLive) {
    const isKnown = told !== null && told.isLive && told.call === now.call;
    return isKnown ? [] : [wrapped(now.startInstructions ?? START)];
  }
  return (told === null ? wasLive : told.isLive) ? [wrapped(END)] : [];
}

function wrapped(body: string): string {
  return `<realtime_conversation>\n${body}\n</realtime_conversation>`;
}
