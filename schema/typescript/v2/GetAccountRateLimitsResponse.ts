// Generated from the protocol schemas; do not edit.

import type { RateLimitSnapshot } from './RateLimitSnapshot.js';

export interface GetAccountRateLimitsResponse {
  rateLimits: RateLimitSnapshot;
  rateLimitsByLimitId: {
    [k: string]: RateLimitSnapshot;
  } | null;
}
