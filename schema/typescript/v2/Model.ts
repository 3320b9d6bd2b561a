// Generated from the protocol schemas; do not edit.

import type { InputModality } from './InputModality.js';
import type { ModelAvailabilityNux } from './ModelAvailabilityNux.js';
import type { ModelServiceTier } from './ModelServiceTier.js';
import type { ModelUpgradeInfo } from './ModelUpgradeInfo.js';
import type { ReasoningEffort } from './ReasoningEffort.js';
import type { ReasoningEffortOption } from './ReasoningEffortOption.js';

export interface Model {
  id: string;
  model: string;
  upgrade: string | null;
  upgradeInfo: ModelUpgradeInfo | null;
  availabilityNux: ModelAvailabilityNux | null;
  displayName: string;
  description: string;
  hidden: boolean;
  supportedReasoningEfforts: ReasoningEffortOption[];
  defaultReasoningEffort: ReasoningEffort;
  inputModalities: InputModality[];
  supportsPersonality: boolean;
  additionalSpeedTiers: string[];
  serviceTiers: ModelServiceTier[];
  isDefault: boolean;
}
