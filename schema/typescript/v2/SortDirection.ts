// Generated from the protocol schemas; do not edit.

export type SortDirection = 'asc' | 'desc';
