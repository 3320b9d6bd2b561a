// Generated from the protocol schemas; do not edit.

import type { RealtimeConversationVersion } from './RealtimeConversationVersion.js';

export interface ThreadRealtimeStartedNotification {
  threadId: string;
  realtimeSessionId: string | null;
  version: RealtimeConversationVersion;
}
