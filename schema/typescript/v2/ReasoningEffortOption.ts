// Generated from the protocol schemas; do not edit.

import type { ReasoningEffort } from './ReasoningEffort.js';

export interface ReasoningEffortOption {
  reasoningEffort: ReasoningEffort;
  description: string;
}
