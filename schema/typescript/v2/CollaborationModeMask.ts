// Generated from the protocol schemas; do not edit.

import type { ModeKind } from './ModeKind.js';
import type { ReasoningEffort } from './ReasoningEffort.js';

export interface CollaborationModeMask {
  name: string;
  mode: ModeKind | null;
  model: string | null;
  reasoning_effort: ReasoningEffort | null;
}
