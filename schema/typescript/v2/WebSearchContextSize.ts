// Generated from the protocol schemas; do not edit.

export type WebSearchContextSize = 'low' | 'medium' | 'high';
