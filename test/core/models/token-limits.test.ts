import { describe, expect, it } from 'vitest';
import { autoCompactLimit, effectiveContextWindow } from '../../../src/core/models/index.ts';

const MODEL = {
  contextWindow: 272_000,
  maxContextWindow: null,
  effectiveContextWindowPercent: 95,
  autoCompactTokenLimit: null,
};
const UNKNOWN_WINDOW = { ...MODEL, contextWindow: null };
const SETTINGS = { modelContextWindow: null, modelAutoCompactTokenLimit: null };

describe('the effective context window', () => {
  it.each([
    ['of the model', MODEL, SETTINGS, 258_400],
    ['of the configuration', MODEL, { ...SETTINGS, modelContextWindow: 1000 }, 950],
    [
      'of the configuration, as far as the model goes',
      { ...MODEL, maxContextWindow: 500_000 },
      { ...SETTINGS, modelContextWindow: 900_000 },
      475_000,
    ],
    ['of another part', { ...MODEL, contextWindow: 1001, effectiveContextWindowPercent: 50 }, SETTINGS, 500],
    ['of an unknown window', UNKNOWN_WINDOW, SETTINGS, null],
    ['of an unknown window, configured', UNKNOWN_WINDOW, { ...SETTINGS, modelContextWindow: 100 }, 95],
  ])('%s', (_what, model, settings, expected) => {
    expect(effectiveContextWindow(model, settings)).toBe(expected);
  });
});

describe('the limit of automatic compaction', () => {
  it.each([
    ['is 90 % of the window', MODEL, SETTINGS, 244_800],
    ['is 90 % of the configured window', MODEL, { ...SETTINGS, modelContextWindow: 1000 }, 900],
    ['is the configured one', MODEL, { ...SETTINGS, modelAutoCompactTokenLimit: 1000 }, 1000],
    [
      'is never more than 90 % of the window',
      MODEL,
      { ...SETTINGS, modelAutoCompactTokenLimit: 260_000 },
      244_800,
    ],
    ['is that of the model', { ...MODEL, autoCompactTokenLimit: 200_000 }, SETTINGS, 200_000],
    [
      'is the configured one before that of the model',
      { ...MODEL, autoCompactTokenLimit: 100_000 },
      { ...SETTINGS, modelAutoCompactTokenLimit: 200_000 },
      200_000,
    ],
    ['is the configured one alone', UNKNOWN_WINDOW, { ...SETTINGS, modelAutoCompactTokenLimit: 7 }, 7],
    ['is none where nothing is known', UNKNOWN_WINDOW, SETTINGS, null],
  ])('%s', (_what, model, settings, expected) => {
    expect(autoCompactLimit(model, settings)).toBe(expected);
  });
});
