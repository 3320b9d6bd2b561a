import type { MessageItem } from '../../responses/index.ts';
import { escapeMarkup } from '../../util/markup.ts';

/** Something that was said on a call. */
export interface SpokenText {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** How much of a call the model is told before a turn, in characters of lines; the newest is kept. */
const MAX_CHARACTERS = 40_000;

const OPENING = `<voice_conversation>
Since your last turn the user and the voice assistant said this to each other, as it was transcribed:`;

const LEFT_OUT = '(what was said before is left out)';

/** What was said on calls and the text model has not been told yet. */
export class VoiceNotes {
  #lines: string[] = [];
  #characters = 0;
  #isCut = false;

  /** Takes what was said; where it gets too much, the oldest is forgotten. */
  add(spoken: SpokenText): void {
    if (spoken.text.length > MAX_CHARACTERS) this.#isCut = true;
    const line = lineOf(spoken);
    this.#lines.push(line);
    this.#characters += line.length;
    while (this.#characters > MAX_CHARACTERS && this.#lines.length > 1) {
      this.#characters -= this.#lines.shift()?.length ?? 0;
      this.#isCut = true;
    }
  }

  replace(spoken: readonly SpokenText[]): void {
    this.#setLines([]);
    for (const each of spoken) this.add(each);
  }

  /** What was said here is told in another way. */
  forget(said: readonly SpokenText[]): void {
    const told = said.map(lineOf);
    this.#setLines(
      this.#lines.filter((line) => {
        const index = told.indexOf(line);
        if (index !== -1) told.splice(index, 1);
        return index === -1;
      }),
    );
  }

  /** The message that tells the model, once. */
  take(): MessageItem[] {
    if (this.#lines.length === 0) return [];
    const opening = this.#isCut ? `${OPENING}\n${LEFT_OUT}\n` : `${OPENING}\n`;
    const text = `${opening}${this.#lines.join('')}</voice_conversation>`;
    this.#setLines([]);
    return [{ type: 'message', role: 'developer', content: [{ type: 'input_text', text }] }];
  }

  #setLines(lines: string[]): void {
    this.#lines = lines;
    this.#characters = lines.reduce((sum, line) => sum + line.length, 0);
    if (lines.length === 0) this.#isCut = false;
  }
}

function lineOf({ role, text }: SpokenText): string {
  return `${role}: ${escapeMarkup(endOf(text.trim()))}\n`;
}

/** The end of a text that is too long, without the half of a character that a cut may leave. */
function endOf(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : text.slice(-MAX_CHARACTERS).replace(/^[\uDC00-\uDFFF]/, '');
}
