// Generated from the protocol schemas; do not edit.

export type ImageDetail = 'auto' | 'low' | 'high' | 'original';
