import type { Config } from '../config/index.ts';
import type { ModelInfo } from './model-info.ts';

type Windows = Pick<
  ModelInfo,
  'autoCompactTokenLimit' | 'contextWindow' | 'effectiveContextWindowPercent' | 'maxContextWindow'
>;
type Settings = Pick<Config, 'modelAutoCompactTokenLimit' | 'modelContextWindow'>;

/** The part of the context window that may fill up before the history is compacted, in percent. */
const FULL_PERCENT = 90;

/**
 * How many tokens a thread may hold before the model's answer, as clients are told it: the model's context window, or
 * the configured one as far as the model goes, less what is kept free. Null where neither is known.
 */
export function effectiveContextWindow(model: Windows, settings: Settings): number | null {
  const window = contextWindow(model, settings);
  return window === null ? null : Math.floor((window * model.effectiveContextWindowPercent) / 100);
}

/**
 * From how many tokens on the history is compacted: the configured number, or the model's own, but never more than
 * 90 % of the context window. Null means never.
 */
export function autoCompactLimit(model: Windows, settings: Settings): number | null {
  const window = contextWindow(model, settings);
  const most = window === null ? null : Math.floor((window * FULL_PERCENT) / 100);
  const wanted = settings.modelAutoCompactTokenLimit ?? model.autoCompactTokenLimit;
  if (most === null || wanted === null) return wanted ?? most;
  return Math.min(wanted, most);
}

/** How many tokens a request may have, answer included: the model's context window, or the configured one as far as the model goes. */
export function contextWindow(model: Windows, { modelContextWindow }: Settings): number | null {
  if (modelContextWindow === null) return model.contextWindow;
  return Math.min(modelContextWindow, model.maxContextWindow ?? modelContextWindow);
}
