// Generated from the protocol schemas; do not edit.

import type { ExperimentalFeature } from './ExperimentalFeature.js';

export interface ExperimentalFeatureListResponse {
  data: ExperimentalFeature[];
  nextCursor: string | null;
}
