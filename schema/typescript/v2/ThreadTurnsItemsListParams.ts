// Generated from the protocol schemas; do not edit.

import type { SortDirection } from './SortDirection.js';

export interface ThreadTurnsItemsListParams {
  threadId: string;
  turnId: string;
  cursor?: string | null;
  limit?: number | null;
  sortDirection?: SortDirection | null;
}
