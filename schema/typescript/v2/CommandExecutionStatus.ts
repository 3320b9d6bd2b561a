// Generated from the protocol schemas; do not edit.

export type CommandExecutionStatus = 'inProgress' | 'completed' | 'failed' | 'declined';
