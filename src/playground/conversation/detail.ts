import { make } from '../dom.ts';

/** How near its end, in pixels, a text must be to go on showing its end. */
const NEAR_END = 16;

/** Characters of a text that are shown, the last ones. The daemon has all that there is to have. */
const MAX_TEXT = 200_000;

/** Something longer below an entry that is shown on demand, such as what a command wrote. */
export class Detail {
  readonly element = make('details', '');
  readonly #name = make('summary', '');
  readonly #text = make('pre', '');
  #content: HTMLElement = this.#text;
  #length = 0;

  constructor() {
    this.element.append(this.#name, this.#text);
    // Whoever hears the page reads it when they like.
    this.element.setAttribute('aria-live', 'off');
  }

  /** Shows an element in place of a text. */
  show(name: string, content: HTMLElement): void {
    this.#name.textContent = name;
    // What has not changed stays as it is, with its scroll position.
    if (this.#content.textContent === content.textContent) return;
    this.#content.replaceWith(content);
    this.#content = content;
  }

  write(name: string, text: string): void {
    this.#name.textContent = name;
    if (this.#text.textContent === text) return;
    this.#keepEnd(() => (this.#text.textContent = text.length > MAX_TEXT ? lastOf(text) : text));
    this.#length = this.#text.textContent.length;
  }

  /** The next piece of a text, whose end stays in view unless somebody has scrolled away from it. */
  append(name: string, piece: string): void {
    this.#length += piece.length;
    if (this.#length > 2 * MAX_TEXT) return this.write(name, this.#text.textContent + piece);
    this.#name.textContent = name;
    this.#keepEnd(() => this.#text.append(piece));
  }

  #keepEnd(change: () => void): void {
    const box = this.#text;
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    change();
    if (isAtEnd) box.scrollTop = box.scrollHeight;
  }
}

function lastOf(text: string): string {
  return `…${text.slice(-MAX_TEXT)}`;
}
