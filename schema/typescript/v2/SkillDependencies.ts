// Generated from the protocol schemas; do not edit.

import type { SkillToolDependency } from './SkillToolDependency.js';

export interface SkillDependencies {
  tools: SkillToolDependency[];
}
