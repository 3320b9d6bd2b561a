import type { ThreadItem, Turn, TurnError } from '../../protocol/index.ts';
import type { EmitCoreEvent } from '../events.ts';

export interface TurnReporterOptions {
  readonly threadId: string;
  readonly turnId: string;
  readonly emit: EmitCoreEvent;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Tells what happens in one turn. */
export class TurnReporter {
  readonly #options: TurnReporterOptions;
  readonly #ids: { readonly threadId: string; readonly turnId: string };

  constructor(options: TurnReporterOptions) {
    this.#options = options;
    this.#ids = { threadId: options.threadId, turnId: options.turnId };
  }

  turnStarted(turn: Turn): void {
    this.#options.emit('turnStarted', { threadId: this.#ids.threadId, turn });
  }

  turnCompleted(turn: Turn): void {
    this.#options.emit('turnCompleted', { threadId: this.#ids.threadId, turn });
  }

  error(error: TurnError, willRetry: boolean): void {
    this.#options.emit('threadError', { ...this.#ids, error, willRetry });
  }

  warning(message: string): void {
    this.#options.emit('warning', { threadId: this.#ids.threadId, message });
  }

  itemStarted(item: ThreadItem): void {
    this.#options.emit('itemStarted', { item, ...this.#ids, startedAtMs: this.#options.now() });
  }

  itemCompleted(item: ThreadItem): void {
    this.#options.emit('itemCompleted', { item, ...this.#ids, completedAtMs: this.#options.now() });
  }

  messageDelta(itemId: string, delta: string): void {
    this.#options.emit('agentMessageDelta', { ...this.#ids, itemId, delta });
  }

  reasoningSummaryPart(itemId: string, summaryIndex: number): void {
    this.#options.emit('reasoningSummaryPartAdded', { ...this.#ids, itemId, summaryIndex });
  }

  reasoningSummaryDelta(itemId: string, summaryIndex: number, delta: string): void {
    this.#options.emit('reasoningSummaryTextDelta', { ...this.#ids, itemId, delta, summaryIndex });
  }

  reasoningDelta(itemId: string, contentIndex: number, delta: string): void {
    this.#options.emit('reasoningTextDelta', { ...this.#ids, itemId, delta, contentIndex });
  }
}
