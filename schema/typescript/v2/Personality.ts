// Generated from the protocol schemas; do not edit.

export type Personality = 'none' | 'friendly' | 'pragmatic';
