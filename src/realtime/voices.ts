import type { RealtimeConversationVersion, RealtimeVoice } from '../protocol/index.ts';

/** The voices of one version of the wire, in the order in which they are listed. */
export interface VersionVoices {
  readonly voices: readonly RealtimeVoice[];
  readonly defaultVoice: RealtimeVoice;
}

export const VOICES: Readonly<Record<RealtimeConversationVersion, VersionVoices>> = {
  v1: {
    voices: ['juniper', 'maple', 'spruce', 'ember', 'vale', 'breeze', 'arbor', 'sol', 'cove'],
    defaultVoice: 'cove',
  },
  v2: {
    voices: ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'],
    defaultVoice: 'marin',
  },
};
