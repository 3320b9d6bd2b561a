// Generated from the protocol schemas; do not edit.

export type ReasoningSummary = 'auto' | 'concise' | 'detailed' | 'none';
