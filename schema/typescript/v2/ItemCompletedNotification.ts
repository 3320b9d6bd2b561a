// Generated from the protocol schemas; do not edit.

import type { ThreadItem } from './ThreadItem.js';

export interface ItemCompletedNotification {
  item: ThreadItem;
  threadId: string;
  turnId: string;
  completedAtMs: number;
}
