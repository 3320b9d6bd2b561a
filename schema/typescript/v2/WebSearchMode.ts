// Generated from the protocol schemas; do not edit.

export type WebSearchMode = 'disabled' | 'cached' | 'live';
