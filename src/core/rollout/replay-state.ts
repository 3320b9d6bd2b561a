import type { ThreadTokenUsage } from '../../protocol/index.ts';
import type { StoredTurnContext } from './line.ts';
import type { StoredUtterance } from './turn-list.ts';

/** The use of tokens, and the turn it is told of. */
export interface StoredThreadUsage {
  readonly turnId: string;
  readonly usage: ThreadTokenUsage;
}

/** What a rollback undoes beside turns. States share what they have in common. */
export interface ReplayState {
  readonly usage: StoredThreadUsage | null;
  readonly settings: StoredTurnContext | null;
  /** The latest first. */
  readonly pending: PendingUtterance | null;
  readonly compactions: number;
  readonly isContextStale: boolean;
  /** The byte at which the line begins that last gave a whole history. */
  readonly historyStart: number | null;
}

export interface PendingUtterance {
  readonly utterance: StoredUtterance;
  readonly before: PendingUtterance | null;
}

const INITIAL: ReplayState = {
  usage: null,
  settings: null,
  pending: null,
  compactions: 0,
  isContextStale: false,
  historyStart: null,
};

/** The states at the ends of turns, so that a rollback finds the one before what it drops. */
export class ReplayStates {
  /** One for each turn in which something changed, by where the turn begins; before the first turn that is -1. */
  readonly #states: { readonly turnStart: number; state: ReplayState }[] = [];

  get current(): ReplayState {
    return this.#states.at(-1)?.state ?? INITIAL;
  }

  change(turnStart: number | null, changes: Partial<ReplayState>): void {
    const state = { ...this.current, ...changes };
    const last = this.#states.at(-1);
    if (last?.turnStart === (turnStart ?? -1)) last.state = state;
    else this.#states.push({ turnStart: turnStart ?? -1, state });
  }

  /** Back to what it was before the turn that begins there. */
  rollBack(turnStart: number): void {
    while ((this.#states.at(-1)?.turnStart ?? -1) >= turnStart) this.#states.pop();
  }
}
