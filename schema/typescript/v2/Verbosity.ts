// Generated from the protocol schemas; do not edit.

export type Verbosity = 'low' | 'medium' | 'high';
