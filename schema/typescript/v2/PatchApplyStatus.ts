// Generated from the protocol schemas; do not edit.

export type PatchApplyStatus = 'inProgress' | 'completed' | 'failed' | 'declined';
