import type { ThreadTokenUsage, TokenUsageBreakdown } from '../../protocol/index.ts';
import type { ResponseUsage } from '../../responses/index.ts';

/** Adds up what a thread's responses used. */
export class TokenUsageTotals {
  #total: TokenUsageBreakdown = {
    totalTokens: 0,
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    reasoningOutputTokens: 0,
  };
  #last: TokenUsageBreakdown = this.#total;

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

  view(modelContextWindow: number | null): ThreadTokenUsage {
    return { total: this.#total, last: this.#last, modelContextWindow };
  }
}
