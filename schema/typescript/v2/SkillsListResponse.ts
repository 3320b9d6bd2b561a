// Generated from the protocol schemas; do not edit.

import type { SkillsListEntry } from './SkillsListEntry.js';

export interface SkillsListResponse {
  data: SkillsListEntry[];
}
