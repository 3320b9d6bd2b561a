// Generated from the protocol schemas; do not edit.

import type { SkillErrorInfo } from './SkillErrorInfo.js';
import type { SkillMetadata } from './SkillMetadata.js';

export interface SkillsListEntry {
  cwd: string;
  skills: SkillMetadata[];
  errors: SkillErrorInfo[];
}
