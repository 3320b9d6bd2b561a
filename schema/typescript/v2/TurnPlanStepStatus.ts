// Generated from the protocol schemas; do not edit.

export type TurnPlanStepStatus = 'pending' | 'inProgress' | 'completed';
