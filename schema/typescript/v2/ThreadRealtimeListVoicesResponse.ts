// Generated from the protocol schemas; do not edit.

import type { RealtimeVoicesList } from './RealtimeVoicesList.js';

export interface ThreadRealtimeListVoicesResponse {
  voices: RealtimeVoicesList;
}
