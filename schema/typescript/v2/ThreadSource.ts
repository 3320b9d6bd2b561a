// Generated from the protocol schemas; do not edit.

export type ThreadSource = 'user' | 'subagent' | 'memory_consolidation';
