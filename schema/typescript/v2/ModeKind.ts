// Generated from the protocol schemas; do not edit.

export type ModeKind = 'plan' | 'default';
