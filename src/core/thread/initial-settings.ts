import type { Config } from '../config/index.ts';
import type { TurnSettings } from '../turn/turn-settings.ts';
import { configuredSandbox } from '../permissions/index.ts';

/** The model of the background agent where the configuration names none. */
const DEFAULT_MODEL = 'gpt-5.5';

export interface InitialPlace {
  readonly codexHome: string;
  readonly cwd: string;
  readonly hasEnvironment: boolean;
}

/** How the turns of a thread run until one of them says otherwise. Throws `configurationInvalid`. */
export function initialSettings(
  config: Config,
  { codexHome, cwd, hasEnvironment }: InitialPlace,
): TurnSettings {
  return {
    cwd,
    approvalPolicy: config.approvalPolicy,
    approvalsReviewer: config.approvalsReviewer,
    ...configuredSandbox(config, codexHome),
    hasEnvironment,
    model: config.model ?? DEFAULT_MODEL,
    serviceTier: config.serviceTier,
    effort: config.modelReasoningEffort,
    summary: config.modelReasoningSummary,
    personality: config.personality,
    collaborationMode: null,
  };
}
