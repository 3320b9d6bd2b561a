// Generated from the protocol schemas; do not edit.

export type RealtimeOutputModality = 'text' | 'audio';
