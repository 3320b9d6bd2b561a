import type { Model } from '../../protocol/index.ts';
import type { ModelInfo } from './model-info.ts';

/** A model as clients list it. */
export function modelView(info: ModelInfo, isDefault: boolean): Model {
  const { availabilityMessage, id, upgrade } = info;
  return {
    id,
    model: id,
    upgrade: upgrade?.model ?? null,
    upgradeInfo: upgrade,
    availabilityNux: availabilityMessage === null ? null : { message: availabilityMessage },
    displayName: info.displayName,
    description: info.description,
    hidden: info.isHidden,
    supportedReasoningEfforts: [...info.reasoningEfforts],
    defaultReasoningEffort: info.defaultReasoningEffort ?? 'none',
    inputModalities: [...info.inputModalities],
    supportsPersonality: info.supportsPersonality,
    additionalSpeedTiers: [...info.additionalSpeedTiers],
    serviceTiers: [...info.serviceTiers],
    isDefault,
  };
}
