// Generated from the protocol schemas; do not edit.

import type { ThreadTokenUsage } from './ThreadTokenUsage.js';

export interface ThreadTokenUsageUpdatedNotification {
  threadId: string;
  turnId: string;
  tokenUsage: ThreadTokenUsage;
}
