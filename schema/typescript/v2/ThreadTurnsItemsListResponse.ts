// Generated from the protocol schemas; do not edit.

import type { ThreadItem } from './ThreadItem.js';

export interface ThreadTurnsItemsListResponse {
  data: ThreadItem[];
  nextCursor: string | null;
  backwardsCursor: string | null;
}
