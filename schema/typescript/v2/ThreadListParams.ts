// Generated from the protocol schemas; do not edit.

import type { SortDirection } from './SortDirection.js';
import type { ThreadListCwdFilter } from './ThreadListCwdFilter.js';
import type { ThreadSortKey } from './ThreadSortKey.js';
import type { ThreadSourceKind } from './ThreadSourceKind.js';

export interface ThreadListParams {
  cursor?: string | null;
  limit?: number | null;
  sortKey?: ThreadSortKey | null;
  sortDirection?: SortDirection | null;
  modelProviders?: string[] | null;
  sourceKinds?: ThreadSourceKind[] | null;
  archived?: boolean | null;
  cwd?: ThreadListCwdFilter | null;
  useStateDbOnly?: boolean;
  searchTerm?: string | null;
}
