import type { Config } from '../config/index.ts';
import type { TurnSettings } from '../turn/turn-settings.ts';
import { sandboxPolicy } from './permissions.ts';

/** The model of the background agent where the configuration names none. */
const DEFAULT_MODEL = 'gpt-5.5';

/** How the turns of a thread run until one of them says otherwise. */
export function initialSettings(
  config: Config,
  { codexHome, cwd }: { readonly codexHome: string; readonly cwd: string },
): TurnSettings {
  return {
    cwd,
    approvalPolicy: config.approvalPolicy,
    approvalsReviewer: config.approvalsReviewer,
    sandbox: sandboxPolicy(config, codexHome),
    model: config.model ?? DEFAULT_MODEL,
    serviceTier: config.serviceTier,
    effort: config.modelReasoningEffort,
    summary: config.modelReasoningSummary,
    personality: config.personality,
    collaborationMode: null,
  };
}
