// Generated from the protocol schemas; do not edit.

import type { RealtimeConversationVersion } from './RealtimeConversationVersion.js';
import type { RealtimeOutputModality } from './RealtimeOutputModality.js';
import type { RealtimeVoice } from './RealtimeVoice.js';
import type { ThreadRealtimeStartTransport } from './ThreadRealtimeStartTransport.js';

export interface ThreadRealtimeStartParams {
  threadId: string;
  outputModality: RealtimeOutputModality;
  prompt?: string | null;
  realtimeSessionId?: string | null;
  transport?: ThreadRealtimeStartTransport | null;
  voice?: RealtimeVoice | null;
  model?: string | null;
  version?: RealtimeConversationVersion | null;
}
