import { expect, it } from 'vitest';
import { RateLimits } from '../../src/core/rate-limits.ts';
import type { RateLimitSnapshot } from '../../src/protocol/index.ts';

const NOTHING: RateLimitSnapshot = {
  limitId: 'codex',
  limitName: null,
  primary: null,
  secondary: null,
  credits: null,
  planType: null,
  rateLimitReachedType: null,
};
const CREDITS = { hasCredits: true, unlimited: false, balance: '5' };

function used(usedPercent: number): RateLimitSnapshot['primary'] {
  return { usedPercent, windowDurationMins: 300, resetsAt: 1_795_217_726 };
}

it('nothing is known in the beginning', () => {
  const limits = new RateLimits();
  expect(limits.last).toEqual(NOTHING);
  expect(limits.read()).toEqual({ rateLimits: NOTHING, rateLimitsByLimitId: null });
});

it('credits and plan last until something else is told; windows do not', () => {
  const limits = new RateLimits();
  limits.note({ ...NOTHING, primary: used(1), credits: CREDITS, planType: 'pro' });
  limits.note({ ...NOTHING, secondary: used(2) });
  const kept = { ...NOTHING, secondary: used(2), credits: CREDITS, planType: 'pro' };
  expect(limits.last).toEqual(kept);
  limits.note({ ...NOTHING, planType: 'plus' });
  expect(limits.last).toEqual({ ...NOTHING, credits: CREDITS, planType: 'plus' });
});

it('limits are kept apart by their ids; one without an id is the main one', () => {
  const limits = new RateLimits();
  const other = { ...NOTHING, limitId: 'other', credits: CREDITS };
  limits.note(other);
  expect(limits.read()).toEqual({ rateLimits: NOTHING, rateLimitsByLimitId: { other } });
  const main = { ...NOTHING, limitId: null, primary: used(1) };
  limits.note(main);
  expect(limits.last).toEqual(main);
  expect(limits.read()).toEqual({ rateLimits: main, rateLimitsByLimitId: { other, codex: main } });
});

it('another account begins anew', () => {
  const limits = new RateLimits();
  limits.note({ ...NOTHING, credits: CREDITS });
  limits.clear();
  expect(limits.last).toEqual(NOTHING);
  expect(limits.read()).toEqual({ rateLimits: NOTHING, rateLimitsByLimitId: null });
});

it('the number of limits is bounded', () => {
  const limits = new RateLimits();
  for (let index = 0; index < 1000; index += 1) limits.note({ ...NOTHING, limitId: `limit-${index}` });
  expect(Object.keys(limits.read().rateLimitsByLimitId ?? {})).toHaveLength(64);
});
