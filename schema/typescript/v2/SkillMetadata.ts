// Generated from the protocol schemas; do not edit.

import type { AbsolutePathBuf } from '../AbsolutePathBuf.js';
import type { SkillDependencies } from './SkillDependencies.js';
import type { SkillInterface } from './SkillInterface.js';
import type { SkillScope } from './SkillScope.js';

export interface SkillMetadata {
  name: string;
  description: string;
  shortDescription: string | null;
  interface: SkillInterface | null;
  dependencies: SkillDependencies | null;
  path: AbsolutePathBuf;
  scope: SkillScope;
  enabled: boolean;
}
