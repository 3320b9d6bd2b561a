// Generated from the protocol schemas; do not edit.

import type { ThreadItem } from './ThreadItem.js';

export interface ItemStartedNotification {
  item: ThreadItem;
  threadId: string;
  turnId: string;
  startedAtMs: number;
}
