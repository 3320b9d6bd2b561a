// Generated from the protocol schemas; do not edit.

import type { ThreadStatus } from './ThreadStatus.js';

export interface ThreadStatusChangedNotification {
  threadId: string;
  status: ThreadStatus;
}
