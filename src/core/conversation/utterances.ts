import type { TranscriptRole } from '../../realtime/index.ts';

/** Something that one side has said on a call, as it was transcribed or typed. */
export interface Utterance {
  readonly role: TranscriptRole;
  readonly text: string;
  /** Names the call. */
  readonly realtimeSessionId: string;
}

/** How many utterances may be open at once; the oldest counts as said when there are more. */
const MAX_OPEN = 16;
/** How many finished items are remembered, so that what comes late for one of them is not said twice. */
const MAX_SAID = 64;

interface OpenUtterance {
  readonly role: TranscriptRole;
  /** Null where the upstream names no item. */
  readonly itemId: string | null;
  text: string;
}

/**
 * Puts the transcript of a call together, utterance by utterance, and tells each once: when its whole text has come, when
 * its response has ended without it, when the other side goes on where the upstream names no items, or when the call ends.
 */
export class Utterances {
  readonly #onSaid: (role: TranscriptRole, text: string) => void;
  #open: OpenUtterance[] = [];
  readonly #saidItems: string[] = [];

  constructor(onSaid: (role: TranscriptRole, text: string) => void) {
    this.#onSaid = onSaid;
  }

  delta(role: TranscriptRole, itemId: string | null, delta: string): void {
    if (this.#isSaid(itemId)) return;
    if (itemId === null) this.#finish((open) => open.itemId === null && open.role !== role);
    const open = this.#find(role, itemId);
    if (open !== undefined) {
      open.text += delta;
      return;
    }
    this.#open.push({ role, itemId, text: delta });
    if (this.#open.length > MAX_OPEN) this.#finish((each) => each === this.#open[0]);
  }

  /** The whole text of an utterance takes the place of its pieces. */
  done(role: TranscriptRole, itemId: string | null, text: string): void {
    if (this.#isSaid(itemId)) return;
    const open = this.#find(role, itemId);
    this.#open = this.#open.filter((each) => each !== open);
    this.#say({ role, itemId, text });
  }

  /** The user has typed something into the call. */
  typed(text: string): void {
    this.#say({ role: 'user', itemId: null, text });
  }

  /** What the assistant was saying will not go on. */
  endResponse(): void {
    this.#finish(({ role }) => role === 'assistant');
  }

  /** Everything that was being said will not go on. */
  end(): void {
    this.#finish(() => true);
  }

  #find(role: TranscriptRole, itemId: string | null): OpenUtterance | undefined {
    return this.#open.find((open) => open.role === role && open.itemId === itemId);
  }

  #finish(which: (open: OpenUtterance) => boolean): void {
    const finished = this.#open.filter(which);
    if (finished.length === 0) return;
    this.#open = this.#open.filter((open) => !finished.includes(open));
    for (const open of finished) this.#say(open);
  }

  #say({ itemId, role, text }: OpenUtterance): void {
    if (itemId !== null) {
      this.#saidItems.push(itemId);
      if (this.#saidItems.length > MAX_SAID) this.#saidItems.shift();
    }
    const words = text.trim();
    if (words !== '') this.#onSaid(role, words);
  }

  #isSaid(itemId: string | null): boolean {
    return itemId !== null && this.#saidItems.includes(itemId);
  }
}
