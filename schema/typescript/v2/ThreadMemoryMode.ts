// Generated from the protocol schemas; do not edit.

export type ThreadMemoryMode = 'enabled' | 'disabled';
