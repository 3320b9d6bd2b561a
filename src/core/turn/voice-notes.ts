import type { MessageItem } from '../../responses/index.ts';
import { escapeMarkup } from '../../util/markup.ts';

/** Something that was said on a call. */
export interface SpokenText {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** How much of a call the model is told before a turn, in characters; the newest is kept. */
const MAX_CHARACTERS = 40_000;

const OPENING = `<voice_conversation>
Since your last turn the user and the voice assistant said this to each other, as it was transcribed:`;

const LEFT_OUT = '(what was said before is left out)';

/** What was said on calls and the text model has not been told yet. */
export class VoiceNotes {
  #spoken: SpokenText[] = [];
  #characters = 0;
  #isCut = false;

  /** Takes what was said; where it gets too much, the oldest is forgotten. */
  add(spoken: SpokenText): void {
    this.#spoken.push(spoken);
    this.#characters += spoken.text.length;
    while (this.#characters > MAX_CHARACTERS && this.#spoken.length > 1) {
      this.#characters -= this.#spoken.shift()?.text.length ?? 0;
      this.#isCut = true;
    }
  }

  replace(spoken: readonly SpokenText[]): void {
    this.clear();
    for (const each of spoken) this.add(each);
  }

  /** For a turn that is told of it in another way. */
  clear(): void {
    this.#spoken = [];
    this.#characters = 0;
    this.#isCut = false;
  }

  /** The message that tells the model, once. */
  take(): MessageItem[] {
    if (this.#spoken.length === 0) return [];
    const lines = this.#spoken.map(
      ({ role, text }) => `${role}: ${escapeMarkup(text.slice(-MAX_CHARACTERS))}`,
    );
    const text = [OPENING, ...(this.#isCut ? [LEFT_OUT] : []), ...lines, '</voice_conversation>'].join('\n');
    this.clear();
    return [{ type: 'message', role: 'developer', content: [{ type: 'input_text', text }] }];
  }
}
