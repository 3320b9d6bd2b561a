import { byId, make } from '../dom.ts';
import { Detail } from './detail.ts';

/** How near its end, in pixels, the log must be to go on showing its end. */
const NEAR_END = 48;

/** Entries that the page keeps; the oldest go first. The daemon has them all. */
const MAX_ENTRIES = 1_000;

/** How long assistive software may take to notice what is not to be read aloud, in milliseconds. */
const QUIET_MS = 1_000;

/** Who an entry is of, which decides where it stands and its colour. */
export type EntryKind = 'you' | 'voice' | 'agent' | 'step' | 'handover' | 'warning' | 'problem' | 'note';

/** One thing that was said or done. */
export class Entry {
  readonly element: HTMLElement;
  readonly #title = make('header', '');
  readonly #text = make('div', 'text');
  readonly #keepEnd: (change: () => void) => void;
  #detail: Detail | null = null;

  constructor(kind: EntryKind, keepEnd: (change: () => void) => void) {
    this.#keepEnd = keepEnd;
    this.element = make('article', `entry ${kind}`, this.#title, this.#text);
    this.#title.hidden = true;
  }

  get text(): string {
    return this.#text.textContent;
  }

  /** Says who it is of, and how it came about or came out. */
  entitle(who: string, remark: string | null): this {
    this.#title.hidden = false;
    const words = remark === null ? '' : ` · ${remark}`;
    // What is said twice would be read aloud twice.
    if (this.#title.textContent !== who + words) this.#title.replaceChildren(make('b', '', who), words);
    return this;
  }

  write(text: string): this {
    if (this.text !== text) this.#keepEnd(() => (this.#text.textContent = text));
    return this;
  }

  append(piece: string): this {
    this.#keepEnd(() => this.#text.append(piece));
    return this;
  }

  /** Says whether more of the text is to come. */
  setUnfinished(isUnfinished: boolean): this {
    this.element.classList.toggle('unfinished', isUnfinished);
    // Assistive software waits for the whole of it.
    this.element.setAttribute('aria-busy', String(isUnfinished));
    return this;
  }

  /** Shows the text as what it is: written for machines. */
  setCode(isCode: boolean): this {
    this.element.classList.toggle('code', isCode);
    return this;
  }

  /** Something longer that is shown on demand; open at first where somebody is likely to look at it. */
  attach(isOpen: boolean, fill: (detail: Detail) => void): this {
    this.#keepEnd(() => {
      if (this.#detail === null) {
        this.#detail = new Detail();
        this.#detail.element.open = isOpen;
        this.element.append(this.#detail.element);
      }
      fill(this.#detail);
    });
    return this;
  }
}

/** What was said and done, in its order. Its end stays in view unless somebody has scrolled away from it. */
export class Log {
  readonly #element = byId('log');
  readonly #welcome = byId('welcome');
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #isAtEnd = true;
  #top = 0;

  constructor() {
    this.#element.addEventListener('scroll', () => {
      const { clientHeight, scrollHeight, scrollTop } = this.#element;
      // To be away from the end is somebody's wish only where they went up: the log also shrinks and grows by itself.
      if (scrollHeight - scrollTop - clientHeight < NEAR_END) this.#isAtEnd = true;
      else if (scrollTop < this.#top) this.#isAtEnd = false;
      this.#top = scrollTop;
    });
    new ResizeObserver(() => this.#keepEnd(() => {})).observe(this.#element);
  }

  add(kind: EntryKind): Entry {
    const entry = new Entry(kind, (change) => this.#keepEnd(change));
    this.#keepEnd(() => {
      this.#welcome.hidden = true;
      this.#element.append(entry.element);
      if (this.#element.childElementCount > MAX_ENTRIES) this.#element.children[1]?.remove();
    });
    return entry;
  }

  note(text: string): void {
    this.add('note').write(text);
  }

  warning(title: string, text: string): void {
    this.add('warning').entitle(title, null).write(text);
  }

  problem(title: string, text: string): void {
    this.add('problem').entitle(title, null).write(text);
  }

  /** Shows much at once, which is not read aloud. */
  quietly(show: () => void): void {
    this.#element.setAttribute('aria-live', 'off');
    show();
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#element.setAttribute('aria-live', 'polite'), QUIET_MS);
  }

  clear(): void {
    this.#element.replaceChildren(this.#welcome);
    this.#welcome.hidden = false;
  }

  #keepEnd(change: () => void): void {
    change();
    if (this.#isAtEnd) this.#element.scrollTop = this.#element.scrollHeight;
  }
}
