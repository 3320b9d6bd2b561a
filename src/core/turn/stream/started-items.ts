import type { ThreadItem } from '../../../protocol/index.ts';
import type { OpenItems } from '../../rollout/index.ts';

/** What a client that comes to follow a turn has to see while it is under way. */
const SHOWN: ReadonlySet<ThreadItem['type']> = new Set([
  'commandExecution',
  'fileChange',
  'mcpToolCall',
  'dynamicToolCall',
  'webSearch',
]);

/** Remembers which items of a turn have begun, and which of them are not over. */
export class StartedItems {
  readonly #order = new Map<string, number>();
  readonly #open = new Map<string, ThreadItem>();

  begin(item: ThreadItem): void {
    if (!this.#order.has(item.id)) this.#order.set(item.id, this.#order.size);
    if (SHOWN.has(item.type)) this.#open.set(item.id, item);
  }

  end(item: ThreadItem): void {
    this.#open.delete(item.id);
  }

  /** A response broke off: what the provider did in it is begun anew. */
  forgetResponse(): void {
    for (const [id, { type }] of this.#open) if (type === 'webSearch') this.#open.delete(id);
  }

  /** As it is now. */
  snapshot(turnId: string): OpenItems {
    return { turnId, items: [...this.#open.values()], order: new Map(this.#order) };
  }
}
