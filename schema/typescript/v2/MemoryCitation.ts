// Generated from the protocol schemas; do not edit.

import type { MemoryCitationEntry } from './MemoryCitationEntry.js';

export interface MemoryCitation {
  entries: MemoryCitationEntry[];
  threadIds: string[];
}
