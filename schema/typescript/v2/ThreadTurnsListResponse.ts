// Generated from the protocol schemas; do not edit.

import type { Turn } from './Turn.js';

export interface ThreadTurnsListResponse {
  data: Turn[];
  nextCursor: string | null;
  backwardsCursor: string | null;
}
