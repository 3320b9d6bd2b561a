import * as z from 'zod/mini';
import type { RateLimitSnapshot } from '../../protocol/index.ts';
import { readPlanType } from '../error/api-error.ts';
import type { JsonObject } from '../json.ts';
import { DEFAULT_LIMIT_ID, limitId } from './rate-limit-headers.ts';
import { percentOf } from './rate-limit-window.ts';

const Window = z.object({
  used_percent: z.number(),
  window_minutes: z.nullish(z.int()),
  reset_at: z.nullish(z.int()),
});

const RateLimitEvent = z.object({
  plan_type: z.nullish(z.string()),
  rate_limits: z.nullish(z.object({ primary: z.nullish(Window), secondary: z.nullish(Window) })),
  credits: z.nullish(
    z.object({ has_credits: z.boolean(), unlimited: z.boolean(), balance: z.nullish(z.string()) }),
  ),
  metered_limit_name: z.nullish(z.string()),
  limit_name: z.nullish(z.string()),
});

/** The rate limits that a `codex.rate_limits` event tells, or null if it has another shape. */
export function rateLimitsOfEvent(event: JsonObject): RateLimitSnapshot | null {
  const parsed = RateLimitEvent.safeParse(event);
  if (!parsed.success) return null;
  const { credits, limit_name, metered_limit_name, plan_type, rate_limits } = parsed.data;
  return {
    limitId: limitId(metered_limit_name ?? limit_name ?? '') || DEFAULT_LIMIT_ID,
    limitName: null,
    primary: window(rate_limits?.primary),
    secondary: window(rate_limits?.secondary),
    credits: credits
      ? { hasCredits: credits.has_credits, unlimited: credits.unlimited, balance: credits.balance ?? null }
      : null,
    planType: readPlanType(plan_type),
    rateLimitReachedType: null,
  };
}

function window(told: z.infer<typeof Window> | null | undefined): RateLimitSnapshot['primary'] {
  if (!told) return null;
  return {
    usedPercent: percentOf(told.used_percent),
    windowDurationMins: told.window_minutes ?? null,
    resetsAt: told.reset_at ?? null,
  };
}
