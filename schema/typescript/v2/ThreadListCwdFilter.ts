// Generated from the protocol schemas; do not edit.

export type ThreadListCwdFilter = string | string[];
