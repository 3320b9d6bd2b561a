// Generated from the protocol schemas; do not edit.

import type { ResponseItem } from './ResponseItem.js';

export interface RawResponseItemCompletedNotification {
  threadId: string;
  turnId: string;
  item: ResponseItem;
}
