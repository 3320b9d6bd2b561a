/** Characters kept of a transcript whose end has not come. */
const MAX_LENGTH = 20_000;

/** Characters of the newest transcript that a line on the screen can use. */
const VIEW_LENGTH = 400;

/** The newest transcript of one side. */
export class Transcript {
  #text = '';
  #isDone = true;

  /** The end of the newest transcript, finished or not. */
  get view(): string {
    // A cut may leave the second half of a surrogate pair at the front.
    return this.#text.slice(-VIEW_LENGTH).replace(/^[\udc00-\udfff]/, '');
  }

  /** True before the first piece of a transcript. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Adds the next piece; the first one after a finished transcript begins a new one. */
  add(delta: string): void {
    this.#text = (this.#isDone ? delta : this.#text + delta).slice(-MAX_LENGTH);
    this.#isDone = false;
  }

  /** Finishes the transcript with its full text. Gives the line to show, or null if there were no words. */
  finish(text: string): string | null {
    const said = text !== '' ? text : this.#isDone ? '' : this.#text;
    this.#text = said;
    this.#isDone = true;
    return said.trim() === '' ? null : said.trim();
  }

  /** Finishes a transcript whose end was never reported. Gives the line to show, or null if there is none. */
  abandon(): string | null {
    return this.#isDone ? null : this.finish('');
  }
}
