import type { ThreadItem, Turn } from '../../protocol/index.ts';

/** What a running turn has begun and not ended, which its file does not tell. */
export interface OpenItems {
  readonly turnId: string;
  /** As they were told when they began. */
  readonly items: readonly ThreadItem[];
  /** When the turn's items began, by their ids: the smaller number was earlier. */
  readonly order: ReadonlyMap<string, number>;
}

/** The turn with its open items, each before the items that began after it. Another turn, or one that is over, stays. */
export function withOpenItems(turn: Turn, { items: open, order, turnId }: OpenItems): Turn {
  if (turn.id !== turnId || turn.status !== 'inProgress' || turn.itemsView !== 'full') return turn;
  const items = [...turn.items];
  for (const item of open) {
    // It may have ended since it was asked what is open.
    if (items.some(({ id }) => id === item.id)) continue;
    const began = order.get(item.id) ?? Infinity;
    const next = items.findIndex(({ id }) => (order.get(id) ?? -1) > began);
    items.splice(next === -1 ? items.length : next, 0, item);
  }
  return { ...turn, items };
}
