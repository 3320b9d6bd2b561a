// Generated from the protocol schemas; do not edit.

import type { ExperimentalFeatureStage } from './ExperimentalFeatureStage.js';

export interface ExperimentalFeature {
  name: string;
  stage: ExperimentalFeatureStage;
  displayName: string | null;
  description: string | null;
  announcement: string | null;
  enabled: boolean;
  defaultEnabled: boolean;
}
