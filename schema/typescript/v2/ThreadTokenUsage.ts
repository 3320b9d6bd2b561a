// Generated from the protocol schemas; do not edit.

import type { TokenUsageBreakdown } from './TokenUsageBreakdown.js';

export interface ThreadTokenUsage {
  total: TokenUsageBreakdown;
  last: TokenUsageBreakdown;
  modelContextWindow: number | null;
}
