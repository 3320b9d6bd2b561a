// Generated from the protocol schemas; do not edit.

export type DynamicToolCallStatus = 'inProgress' | 'completed' | 'failed';
