// Generated from the protocol schemas; do not edit.

import type { ThreadRealtimeAudioChunk } from './ThreadRealtimeAudioChunk.js';

export interface ThreadRealtimeOutputAudioDeltaNotification {
  threadId: string;
  audio: ThreadRealtimeAudioChunk;
}
