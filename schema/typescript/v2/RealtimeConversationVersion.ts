// Generated from the protocol schemas; do not edit.

export type RealtimeConversationVersion = 'v1' | 'v2';
