// Generated from the protocol schemas; do not edit.

import type { ThreadUnsubscribeStatus } from './ThreadUnsubscribeStatus.js';

export interface ThreadUnsubscribeResponse {
  status: ThreadUnsubscribeStatus;
}
