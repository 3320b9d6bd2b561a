// Generated from the protocol schemas; do not edit.

import type { ModelRerouteReason } from './ModelRerouteReason.js';

export interface ModelReroutedNotification {
  threadId: string;
  turnId: string;
  fromModel: string;
  toModel: string;
  reason: ModelRerouteReason;
}
