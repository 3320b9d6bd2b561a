// Generated from the protocol schemas; do not edit.

export type TurnStatus = 'completed' | 'interrupted' | 'failed' | 'inProgress';
