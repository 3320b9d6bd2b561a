// Generated from the protocol schemas; do not edit.

import type { Thread } from './Thread.js';

export interface ThreadListResponse {
  data: Thread[];
  nextCursor: string | null;
  backwardsCursor: string | null;
}
