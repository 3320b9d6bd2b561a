// Generated from the protocol schemas; do not edit.

import type { RealtimeVoice } from './RealtimeVoice.js';

export interface RealtimeVoicesList {
  v1: RealtimeVoice[];
  v2: RealtimeVoice[];
  defaultV1: RealtimeVoice;
  defaultV2: RealtimeVoice;
}
