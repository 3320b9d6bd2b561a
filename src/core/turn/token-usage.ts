import type { ThreadTokenUsage, TokenUsageBreakdown } from '../../protocol/index.ts';
import type { ResponseUsage } from '../../responses/index.ts';

const NONE: TokenUsageBreakdown = {
  totalTokens: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningOutputTokens: 0,
};

/** Adds up what a thread's responses used. */
export class TokenUsageTotals {
  #total: TokenUsageBreakdown = NONE;
  #last: TokenUsageBreakdown = NONE;

  /** The tokens of the last response, its input included. */
  get lastTotal(): number {
    return this.#last.totalTokens;
  }

  get hasAny(): boolean {
    return this.#last.totalTokens > 0 || this.#total.totalTokens > 0;
  }

  add(usage: ResponseUsage): void {
    this.#last = { ...usage };
    this.#total = {
      totalTokens: this.#total.totalTokens + usage.totalTokens,
      inputTokens: this.#total.inputTokens + usage.inputTokens,
      cachedInputTokens: this.#total.cachedInputTokens + usage.cachedInputTokens,
      outputTokens: this.#total.outputTokens + usage.outputTokens,
      reasoningOutputTokens: this.#total.reasoningOutputTokens + usage.reasoningOutputTokens,
    };
  }

  /** Goes on from what was kept; null is from nothing. */
  restore(usage: ThreadTokenUsage | null): void {
    this.#total = usage?.total ?? NONE;
    this.#last = usage?.last ?? NONE;
  }

  /** Replaces what the last response used by an estimate, after the history was made shorter. */
  estimate(totalTokens: number): void {
    this.#last = { ...NONE, totalTokens };
  }

  /** The context window turned out to be full. */
  fill(contextWindow: number): void {
    this.#last = { ...NONE, totalTokens: contextWindow };
  }

  view(modelContextWindow: number | null): ThreadTokenUsage {
    return { total: this.#total, last: this.#last, modelContextWindow };
  }
}
