import * as z from 'zod/mini';
import { int32, int64 } from '../scalars.ts';
import { PlanType } from './account.ts';

export const CreditsSnapshot = z.object({
  hasCredits: z.boolean(),
  unlimited: z.boolean(),
  balance: z.nullable(z.string()),
});
export type CreditsSnapshot = z.infer<typeof CreditsSnapshot>;

export const RateLimitReachedType = z.enum([
  'rate_limit_reached',
  'workspace_owner_credits_depleted',
  'workspace_member_credits_depleted',
  'workspace_owner_usage_limit_reached',
  'workspace_member_usage_limit_reached',
]);
export type RateLimitReachedType = z.infer<typeof RateLimitReachedType>;

/** One rolling window. `resetsAt` is in Unix seconds. */
export const RateLimitWindow = z.object({
  usedPercent: int32,
  windowDurationMins: z.nullable(int64),
  resetsAt: z.nullable(int64),
});
export type RateLimitWindow = z.infer<typeof RateLimitWindow>;

export const RateLimitSnapshot = z.object({
  limitId: z.nullable(z.string()),
  limitName: z.nullable(z.string()),
  primary: z.nullable(RateLimitWindow),
  secondary: z.nullable(RateLimitWindow),
  credits: z.nullable(CreditsSnapshot),
  planType: z.nullable(PlanType),
  rateLimitReachedType: z.nullable(RateLimitReachedType),
});
export type RateLimitSnapshot = z.infer<typeof RateLimitSnapshot>;

export const AccountRateLimitsUpdatedNotification = z.object({ rateLimits: RateLimitSnapshot });
export type AccountRateLimitsUpdatedNotification = z.infer<typeof AccountRateLimitsUpdatedNotification>;

export const GetAccountRateLimitsResponse = z.object({
  /** The limit that every model request counts against. */
  rateLimits: RateLimitSnapshot,
  /** Every limit that is known, by its id; null while none is. */
  rateLimitsByLimitId: z.nullable(z.record(z.string(), RateLimitSnapshot)),
});
export type GetAccountRateLimitsResponse = z.infer<typeof GetAccountRateLimitsResponse>;
