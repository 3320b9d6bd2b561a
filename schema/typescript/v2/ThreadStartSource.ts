// Generated from the protocol schemas; do not edit.

export type ThreadStartSource = 'startup' | 'clear';
