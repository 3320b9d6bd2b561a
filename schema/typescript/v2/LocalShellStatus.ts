// Generated from the protocol schemas; do not edit.

export type LocalShellStatus = 'completed' | 'in_progress' | 'incomplete';
