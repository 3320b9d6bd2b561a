import type { TranscriptRole } from '../../realtime/index.ts';

export interface TranscriptEntry {
  readonly role: TranscriptRole;
  text: string;
}

/**
 * What both sides have said in one session, in entries. Only the last entry is ever extended or replaced; a new
 * utterance or a new response begins a new one.
 */
export class Transcript {
  readonly #entries: TranscriptEntry[] = [];
  readonly #isNew: Record<TranscriptRole, boolean> = { user: false, assistant: false };
  #handedOff = 0;

  /** The next text of this role begins an entry, even if the last entry is of the same role. */
  beginEntry(role: TranscriptRole): void {
    this.#isNew[role] = true;
  }

  addDelta(role: TranscriptRole, delta: string): void {
    const last = this.#takeOpenEntry(role);
    if (delta === '') return;
    if (last === null) this.#entries.push({ role, text: delta });
    else last.text += delta;
  }

  replaceText(role: TranscriptRole, text: string): void {
    const last = this.#takeOpenEntry(role);
    if (text === '') return;
    if (last === null) this.#entries.push({ role, text });
    else last.text = text;
  }

  /**
   * Gives what was said since the last handoff, and begins anew. The request is added as the user's words unless
   * the user has said the same before, anywhere in the session.
   */
  handOff(request: string): TranscriptEntry[] {
    const input = request.trim();
    const isKnown = this.#entries.some(({ role, text }) => role === 'user' && text.trim() === input);
    if (input !== '' && !isKnown) this.#entries.push({ role: 'user', text: input });
    const since = this.#entries.slice(this.#handedOff).map((entry) => ({ ...entry }));
    this.#handedOff = this.#entries.length;
    this.#isNew.user = true;
    this.#isNew.assistant = true;
    return since;
  }

  #takeOpenEntry(role: TranscriptRole): TranscriptEntry | null {
    const isNew = this.#isNew[role];
    this.#isNew[role] = false;
    const last = this.#entries.at(-1);
    return isNew || last === undefined || last.role !== role ? null : last;
  }
}
