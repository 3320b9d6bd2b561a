// Generated from the protocol schemas; do not edit.

import type { AuthMode } from './AuthMode.js';
import type { PlanType } from './PlanType.js';

export interface AccountUpdatedNotification {
  authMode: AuthMode | null;
  planType: PlanType | null;
}
