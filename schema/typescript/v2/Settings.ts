// Generated from the protocol schemas; do not edit.

import type { ReasoningEffort } from './ReasoningEffort.js';

export interface Settings {
  model: string;
  reasoning_effort?: ReasoningEffort | null;
  developer_instructions?: string | null;
}
