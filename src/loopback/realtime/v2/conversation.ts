import type { ConversationItem } from 'openai/resources/realtime/realtime';
import type { UtteranceFacts } from '../utterance.ts';

/** An item of the conversation with what is kept beside it. */
export interface ConversationEntry {
  readonly id: string;
  item: ConversationItem;
  /** The audio of a user's item, as it was received. */
  readonly audio: Uint8Array | null;
  /** What is known of that audio; null without audio. */
  readonly facts: UtteranceFacts | null;
  /** How much audio of an assistant's item was sent and not cut off, in milliseconds; null without audio. */
  audioMs: number | null;
  /** What the entry costs in memory, about. */
  readonly bytes: number;
}

export interface ConversationLimits {
  readonly entries: number;
  readonly bytes: number;
}

const LIMITS: ConversationLimits = { entries: 1_000, bytes: 64 * 1024 * 1024 };

/**
 * The items of a session in their order. When there are too many, or too large ones, the oldest are forgotten, as the
 * API's automatic truncation would do it.
 */
export class Conversation {
  readonly #limits: ConversationLimits;
  readonly #entries: ConversationEntry[] = [];
  #bytes = 0;

  constructor(limits: ConversationLimits = LIMITS) {
    this.#limits = limits;
  }

  get lastId(): string | null {
    return this.#entries.at(-1)?.id ?? null;
  }

  find(id: string): ConversationEntry | null {
    return this.#entries.find((entry) => entry.id === id) ?? null;
  }

  /** The items behind a function call, or null when there is no such call. */
  itemsAfterCall(callId: string): ConversationItem[] | null {
    const isCall = ({ item }: ConversationEntry): boolean =>
      item.type === 'function_call' && item.call_id === callId;
    const index = this.#entries.findIndex(isCall);
    return index === -1 ? null : this.#entries.slice(index + 1).map(({ item }) => item);
  }

  /**
   * Puts an entry behind another one, at the beginning for null, and gives the id of the item before it. The other one
   * has to exist.
   */
  insert(entry: ConversationEntry, previousId: string | null = this.lastId): string | null {
    const index = this.#entries.findIndex(({ id }) => id === previousId) + 1;
    this.#entries.splice(index, 0, entry);
    this.#bytes += entry.bytes;
    this.#forgetOldest(entry);
    return previousId;
  }

  remove(id: string): boolean {
    const index = this.#entries.findIndex((entry) => entry.id === id);
    if (index === -1) return false;
    for (const entry of this.#entries.splice(index, 1)) this.#bytes -= entry.bytes;
    return true;
  }

  #forgetOldest(newest: ConversationEntry): void {
    while (this.#entries.length > this.#limits.entries || this.#bytes > this.#limits.bytes) {
      const oldest = this.#entries.find((entry) => entry !== newest);
      if (oldest === undefined) return;
      this.remove(oldest.id);
    }
  }
}
