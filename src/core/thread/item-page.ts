import type {
  ThreadItem,
  ThreadTurnsItemsListParams,
  ThreadTurnsItemsListResponse,
} from '../../protocol/index.ts';
import { pageOf, pageStart } from '../page.ts';

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 25;

/**
 * One page of a turn's items, oldest first unless asked otherwise. The cursor is the number of items before the page, from the end
 * that the page's direction begins with. Throws `invalidCursor`.
 */
export function pageOfItems(
  items: readonly ThreadItem[],
  { cursor, limit, sortDirection }: Pick<ThreadTurnsItemsListParams, 'cursor' | 'limit' | 'sortDirection'>,
): ThreadTurnsItemsListResponse {
  const sorted = sortDirection === 'desc' ? items.toReversed() : items;
  const start = pageStart(cursor, sorted.length);
  return {
    ...pageOf(sorted, { cursor, limit: Math.min(limit ?? DEFAULT_LIMIT, MAX_LIMIT) }),
    backwardsCursor: start < sorted.length ? String(sorted.length - start - 1) : null,
  };
}
