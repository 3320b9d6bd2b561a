// Generated from the protocol schemas; do not edit.

export type ForcedLoginMethod = 'chatgpt' | 'api';
