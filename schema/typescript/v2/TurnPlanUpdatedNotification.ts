// Generated from the protocol schemas; do not edit.

import type { TurnPlanStep } from './TurnPlanStep.js';

export interface TurnPlanUpdatedNotification {
  threadId: string;
  turnId: string;
  explanation: string | null;
  plan: TurnPlanStep[];
}
