// Generated from the protocol schemas; do not edit.

import type { HooksListEntry } from './HooksListEntry.js';

export interface HooksListResponse {
  data: HooksListEntry[];
}
