// Generated from the protocol schemas; do not edit.

import type { TurnPlanStepStatus } from './TurnPlanStepStatus.js';

export interface TurnPlanStep {
  step: string;
  status: TurnPlanStepStatus;
}
