// Generated from the protocol schemas; do not edit.

export type ThreadSortKey = 'created_at' | 'updated_at';
