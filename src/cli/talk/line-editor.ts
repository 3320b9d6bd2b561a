import { withoutLastGrapheme } from '../../util/display-width.ts';

/** What a key did: a line is complete, the user wants to interrupt, or there will be no more lines. */
export type EditorEvent =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'end' };

/** Characters of one line; what is typed beyond them is ignored. */
const MAX_LENGTH = 4_096;

/** A cursor or function key: escape, then a sequence that ends with a letter or a tilde. */
// eslint-disable-next-line no-control-regex
const KEY = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O[ -~]|[^[O])?|[\s\S]/gu;

/**
 * Edits one line from the keys of a terminal in raw mode: text, backspace, Ctrl-W and Ctrl-U to delete, Enter, Ctrl-D
 * on an empty line, Ctrl-C. Other keys do nothing.
 */
export class LineEditor {
  #text = '';

  get text(): string {
    return this.#text;
  }

  /** Takes what the terminal sent. */
  type(keys: string): EditorEvent[] {
    const events: EditorEvent[] = [];
    for (const [key] of keys.matchAll(KEY)) {
      const event = this.#press(key);
      if (event !== null) events.push(event);
    }
    return events;
  }

  #press(key: string): EditorEvent | null {
    switch (key) {
      case '\r':
      case '\n': {
        const text = this.#text;
        this.#text = '';
        return { kind: 'line', text };
      }
      case '\u0003':
        return { kind: 'interrupt' };
      case '\u0004':
        return this.#text === '' ? { kind: 'end' } : null;
      case '\b':
      case '\u007f':
        this.#text = withoutLastGrapheme(this.#text);
        return null;
      case '\u0015':
        this.#text = '';
        return null;
      case '\u0017':
        this.#text = this.#text.replace(/\S*\s*$/u, '');
        return null;
      default:
        if (!/^\p{Cc}/u.test(key) && this.#text.length + key.length <= MAX_LENGTH) this.#text += key;
        return null;
    }
  }
}
