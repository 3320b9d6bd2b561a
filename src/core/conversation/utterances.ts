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
  /** Whether nothing more is to come of it. */
  isWhole: boolean;
  /** Whether answers are told behind it: what the user said is often transcribed after it was answered. */
  isAwaited: boolean;
}

/**
 * Puts the transcript of a call together, utterance by utterance, and tells each once: when its whole text has come, when
 * its response has ended without it, when the other side goes on where the upstream names no items, or when the call ends.
 */
export class Utterances {
  readonly #onSaid: (role: TranscriptRole, text: string) => void;
  /** In the order in which they began. */
  #open: OpenUtterance[] = [];
  readonly #saidItems: string[] = [];
  /** What was said last without a name and without its whole text, by who said it. */
  readonly #cutShort: Record<TranscriptRole, string> = { user: '', assistant: '' };

  constructor(onSaid: (role: TranscriptRole, text: string) => void) {
    this.#onSaid = onSaid;
  }

  /** The user speaks; the text comes later. */
  begin(itemId: string | null): void {
    if (itemId === null || this.#isSaid(itemId) || this.#find('user', itemId) !== undefined) return;
    this.#add('user', itemId, '');
  }

  delta(role: TranscriptRole, itemId: string | null, delta: string): void {
    if (this.#isSaid(itemId)) return;
    if (itemId === null) this.#finish((open) => open.itemId === null && open.role !== role);
    const open = this.#find(role, itemId);
    if (open === undefined) this.#add(role, itemId, delta);
    else open.text += delta;
  }

  /** The whole text of an utterance takes the place of its pieces, which may have come without the item's name. */
  done(role: TranscriptRole, itemId: string | null, text: string): void {
    if (this.#isSaid(itemId)) return;
    const open = this.#find(role, itemId) ?? this.#findOtherwiseNamed(role, itemId);
    this.#rememberSaid(itemId);
    if (open === undefined && this.#isRestOfCutShort(role, text)) return;
    const whole = open ?? this.#add(role, itemId, text);
    whole.text = text;
    whole.isWhole = true;
    this.#rememberSaid(whole.itemId);
    this.#tell();
  }

  /** The user has typed something into the call. */
  typed(text: string): void {
    this.#say('user', text);
  }

  /** A request was handed over: where the upstream names no items, what comes now is said anew. */
  handOff(): void {
    this.#finish(({ itemId }) => itemId === null);
  }

  /** What the assistant was saying will not go on. */
  endResponse(): void {
    this.#finish(({ role }) => role === 'assistant');
  }

  /** Everything that was being said will not go on. */
  end(): void {
    this.#finish(() => true);
  }

  #add(role: TranscriptRole, itemId: string | null, text: string): OpenUtterance {
    const isAwaited = role === 'user' && itemId !== null;
    if (isAwaited) for (const open of this.#open) open.isAwaited = false;
    if (itemId === null) this.#cutShort[role] = '';
    const added = { role, itemId, text, isWhole: false, isAwaited };
    this.#open.push(added);
    if (this.#open.length > MAX_OPEN) this.#finish((each) => each === this.#open[0]);
    return added;
  }

  #find(role: TranscriptRole, itemId: string | null): OpenUtterance | undefined {
    return this.#open.find((open) => !open.isWhole && open.role === role && open.itemId === itemId);
  }

  #findOtherwiseNamed(role: TranscriptRole, itemId: string | null): OpenUtterance | undefined {
    return this.#open.findLast(
      (open) => !open.isWhole && open.role === role && (itemId === null || open.itemId === null),
    );
  }

  /** What was told as far as it went, because it seemed to be over, is not told again with its end. */
  #isRestOfCutShort(role: TranscriptRole, text: string): boolean {
    const begun = this.#cutShort[role];
    this.#cutShort[role] = '';
    return begun !== '' && text.trim().startsWith(begun);
  }

  #finish(which: (open: OpenUtterance) => boolean): void {
    for (const open of this.#open.filter((each) => !each.isWhole && which(each))) {
      open.isWhole = true;
      this.#rememberSaid(open.itemId);
      if (open.itemId === null) this.#cutShort[open.role] = open.text.trim();
    }
    this.#tell();
  }

  /** Tells what is whole. An answer waits for what it answers. */
  #tell(): void {
    let isAwaiting = false;
    const told = this.#open.filter((open) => {
      isAwaiting ||= open.isAwaited && !open.isWhole;
      return open.isWhole && !(isAwaiting && open.role === 'assistant');
    });
    this.#open = this.#open.filter((open) => !told.includes(open));
    for (const { role, text } of told) this.#say(role, text);
  }

  #rememberSaid(itemId: string | null): void {
    if (itemId === null || this.#isSaid(itemId)) return;
    this.#saidItems.push(itemId);
    if (this.#saidItems.length > MAX_SAID) this.#saidItems.shift();
  }

  #say(role: TranscriptRole, text: string): void {
    const words = text.trim();
    if (words !== '') this.#onSaid(role, words);
  }

  #isSaid(itemId: string | null): boolean {
    return itemId !== null && this.#saidItems.includes(itemId);
  }
}
