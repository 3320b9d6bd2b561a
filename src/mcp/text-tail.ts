/** Keeps the end of what a program says. */
export class TextTail {
  readonly #length: number;
  #text = '';

  /** `length` is in UTF-16 units. */
  constructor(length: number) {
    this.#length = length;
  }

  add(text: string): void {
    this.#text = (this.#text + text).slice(-this.#length);
  }

  /** The last line that says something, without control characters; empty where nothing was said. */
  get lastLine(): string {
    const lines = this.#text.split(/[\r\n]+/u).map((line) => line.replace(/\p{Cc}/gu, ' ').trim());
    return lines.findLast((line) => line !== '') ?? '';
  }
}
