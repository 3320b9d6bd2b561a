// Generated from the protocol schemas; do not edit.

import type { AbsolutePathBuf } from '../AbsolutePathBuf.js';

export interface SkillInterface {
  displayName: string | null;
  shortDescription: string | null;
  iconSmall: AbsolutePathBuf | null;
  iconLarge: AbsolutePathBuf | null;
  brandColor: string | null;
  defaultPrompt: string | null;
}
