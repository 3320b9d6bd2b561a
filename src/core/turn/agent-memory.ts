import type { ThreadTokenUsage } from '../../protocol/index.ts';
import type { ResponseItem, ResponseUsage } from '../../responses/index.ts';
import { TokenUsageTotals } from './token-usage.ts';
import { tokensSinceResponse } from './compaction.ts';
import { contextMessages } from './context/turn-context.ts';
import type { TurnContext } from './context/turn-context.ts';
import { History } from './history.ts';

/** What a thread's agent remembers from one turn to the next. */
export class AgentMemory {
  readonly history = new History();
  readonly #usage = new TokenUsageTotals();
  /** What the model was told of its surroundings; null before the first turn, and after a compaction. */
  #told: TurnContext | null = null;
  #windowGeneration = 0;
  /** How many items the usage counts after a compaction, though the model did not make them. */
  #estimatedItems = 0;
  readonly #usedModels = new Set<string>();

  /** How often the history has been compacted. */
  get windowGeneration(): number {
    return this.#windowGeneration;
  }

  /** Records what the model has to be told of its surroundings before the next input. */
  tell(context: TurnContext): void {
    this.history.record(...contextMessages(context, this.#told));
    this.#told = context;
  }

  /** Whether the model has not been used before; it counts as used from now on. */
  isFirstUseOf(model: string): boolean {
    if (this.#usedModels.has(model)) return false;
    this.#usedModels.add(model);
    return true;
  }

  noteUsage(usage: ResponseUsage): void {
    this.#usage.add(usage);
  }

  /** The context window counts as full, as far as the usage that is told goes. */
  noteFullWindow(contextWindow: number): void {
    this.#usage.fill(contextWindow);
  }

  usage(contextWindow: number | null): ThreadTokenUsage {
    return this.#usage.view(contextWindow);
  }

  /** The tokens that the next request is likely to take. */
  activeTokens(): number {
    return this.#usage.lastTotal + tokensSinceResponse(this.history.items, this.#estimatedItems);
  }

  /** Puts a compacted history in the place of the old one. `told` is what it still says of the surroundings. */
  replaceHistory(items: readonly ResponseItem[], told: TurnContext | null): void {
    this.history.replace(items);
    this.#told = told;
    this.#windowGeneration += 1;
    this.#estimatedItems = items.length;
    this.#usage.estimate(this.history.estimatedTokens());
  }
}
