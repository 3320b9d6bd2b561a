// Generated from the protocol schemas; do not edit.

export type NonSteerableTurnKind = 'review' | 'compact';
