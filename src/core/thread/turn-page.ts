import type {
  ThreadTurnsListParams,
  ThreadTurnsListResponse,
  Turn,
  TurnItemsView,
} from '../../protocol/index.ts';
import { CoreError } from '../errors.ts';

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;

/** Where a page begins: behind a turn, or with it. */
interface Anchor {
  readonly turnId: string;
  readonly includeAnchor: boolean;
}

/**
 * One page of turns that are given oldest first. The cursors name a turn, so that turns that come later do not move the
 * pages. Throws `invalidCursor`.
 */
export function pageOfTurns(
  turns: readonly Turn[],
  { cursor, limit, sortDirection }: Pick<ThreadTurnsListParams, 'cursor' | 'limit' | 'sortDirection'>,
): ThreadTurnsListResponse {
  const sorted = sortDirection === 'asc' ? turns : turns.toReversed();
  const start = cursor == null ? 0 : startOf(sorted, parseAnchor(cursor));
  const data = sorted.slice(start, start + Math.min(Math.max(limit ?? DEFAULT_LIMIT, 1), MAX_LIMIT));
  const first = data[0];
  const last = data.at(-1);
  const hasMore = start + data.length < sorted.length;
  return {
    data,
    nextCursor: last === undefined || !hasMore ? null : anchorText({ turnId: last.id, includeAnchor: false }),
    backwardsCursor: first === undefined ? null : anchorText({ turnId: first.id, includeAnchor: true }),
  };
}

/** A turn with as many of its items as are wanted. */
export function viewOfTurn(turn: Turn, itemsView: TurnItemsView): Turn {
  switch (itemsView) {
    case 'full':
      return turn;
    case 'notLoaded':
      return { ...turn, items: [], itemsView };
    case 'summary': {
      const question = turn.items.find(({ type }) => type === 'userMessage');
      const answer = turn.items.findLast(({ type }) => type === 'agentMessage');
      return { ...turn, items: [question, answer].filter((item) => item !== undefined), itemsView };
    }
  }
}

function startOf(sorted: readonly Turn[], { includeAnchor, turnId }: Anchor): number {
  const index = sorted.findIndex(({ id }) => id === turnId);
  if (index === -1) {
    throw new CoreError('invalidCursor', 'invalid cursor: anchor turn is no longer present');
  }
  return includeAnchor ? index : index + 1;
}

function anchorText({ includeAnchor, turnId }: Anchor): string {
  return JSON.stringify({ turnId, includeAnchor });
}

function parseAnchor(cursor: string): Anchor {
  try {
    const { includeAnchor, turnId } = JSON.parse(cursor) as Partial<Record<keyof Anchor, unknown>>;
    if (typeof turnId === 'string' && typeof includeAnchor === 'boolean') return { turnId, includeAnchor };
  } catch {
    // Told below, like a cursor of another form.
  }
  throw new CoreError('invalidCursor', `invalid cursor: ${cursor}`);
}
