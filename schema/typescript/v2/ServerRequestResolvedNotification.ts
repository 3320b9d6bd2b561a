// Generated from the protocol schemas; do not edit.

import type { RequestId } from '../RequestId.js';

export interface ServerRequestResolvedNotification {
  threadId: string;
  requestId: RequestId;
}
