// Generated from the protocol schemas; do not edit.

export type SkillScope = 'user' | 'repo' | 'system' | 'admin';
