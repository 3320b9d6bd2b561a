// Generated from the protocol schemas; do not edit.

import type { ThreadMemoryMode } from './ThreadMemoryMode.js';

export interface ThreadMemoryModeSetParams {
  threadId: string;
  mode: ThreadMemoryMode;
}
