import type { BrowserClient } from '../client/browser/index.ts';
import type { Thread } from '../protocol/index.ts';
import { byId, make } from './dom.ts';

const PAGE_SIZE = 30;

/** How many threads are asked for at once when the list is read anew, at most. */
const MAX_SHOWN = 100;

export interface ThreadListOptions {
  readonly client: () => BrowserClient;
  readonly onOpen: (threadId: string) => void;
  readonly onNew: () => void;
  readonly onProblem: (error: unknown) => void;
}

/** The stored threads, newest first, to go on with. */
export class ThreadList {
  readonly #list = byId('thread-list');
  readonly #more = byId('more-threads', HTMLButtonElement);
  readonly #none = byId('no-threads');
  readonly #region = byId('threads');
  readonly #toggle = byId('show-threads', HTMLButtonElement);
  readonly #options: ThreadListOptions;
  #openId: string | null = null;
  #cursor: string | null = null;
  #reading = Promise.resolve();
  #isStale = false;

  constructor(options: ThreadListOptions) {
    this.#options = options;
    byId('new-thread').addEventListener('click', () => {
      this.#setShown(false);
      options.onNew();
    });
    this.#more.addEventListener('click', () => void this.#guarded(() => this.#readMore()));
    this.#toggle.addEventListener('click', () => this.#setShown(!this.#region.classList.contains('shown')));
  }

  /** Marks the thread that is open; null for one that has not begun. */
  setOpen(threadId: string | null): void {
    this.#openId = threadId;
    for (const button of this.#list.querySelectorAll('button')) mark(button, threadId);
  }

  /** Reads the list anew. Wishes that come while it is being read become one. */
  refresh(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    this.#reading = this.#reading.then(() => this.#guarded(() => this.#readAnew()));
  }

  async #readAnew(): Promise<void> {
    this.#isStale = false;
    const limit = Math.min(MAX_SHOWN, Math.max(PAGE_SIZE, this.#list.childElementCount));
    const { data, nextCursor } = await this.#options
      .client()
      .request('thread/list', { limit, sortKey: 'updated_at', modelProviders: [] });
    const focused = (document.activeElement as HTMLElement | null)?.dataset['threadId'];
    this.#list.replaceChildren(...data.map((thread) => this.#row(thread)));
    // Who walks the list by keys stays where they are.
    if (focused !== undefined) this.#buttonOf(focused)?.focus();
    this.#showEnd(nextCursor);
  }

  async #readMore(): Promise<void> {
    const { data, nextCursor } = await this.#options.client().request('thread/list', {
      cursor: this.#cursor,
      limit: PAGE_SIZE,
      sortKey: 'updated_at',
      modelProviders: [],
    });
    const fresh = data.filter(({ id }) => this.#buttonOf(id) === null);
    this.#list.append(...fresh.map((thread) => this.#row(thread)));
    this.#showEnd(nextCursor);
  }

  #showEnd(cursor: string | null): void {
    this.#cursor = cursor;
    this.#more.hidden = cursor === null;
    this.#none.hidden = this.#list.childElementCount > 0;
  }

  #row({ id, name, preview, updatedAt }: Thread): HTMLLIElement {
    const title = name ?? (preview.trim() || 'Without words');
    const when = new Date(updatedAt * 1_000);
    const time = make('small', '', when.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' }));
    const button = make('button', '', make('span', '', title), time);
    button.type = 'button';
    button.title = title;
    button.dataset['threadId'] = id;
    button.addEventListener('click', () => {
      this.#setShown(false);
      this.#options.onOpen(id);
    });
    mark(button, this.#openId);
    return make('li', '', button);
  }

  #buttonOf(threadId: string): HTMLButtonElement | null {
    return this.#list.querySelector(`button[data-thread-id="${CSS.escape(threadId)}"]`);
  }

  /** In a narrow window the list is there on demand. */
  #setShown(isShown: boolean): void {
    this.#region.classList.toggle('shown', isShown);
    this.#toggle.setAttribute('aria-expanded', String(isShown));
  }

  async #guarded(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      this.#options.onProblem(error);
    }
  }
}

function mark(button: HTMLButtonElement, openId: string | null): void {
  if (button.dataset['threadId'] === openId) button.setAttribute('aria-current', 'true');
  else button.removeAttribute('aria-current');
}
