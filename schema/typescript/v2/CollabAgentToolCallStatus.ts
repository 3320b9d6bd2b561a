// Generated from the protocol schemas; do not edit.

export type CollabAgentToolCallStatus = 'inProgress' | 'completed' | 'failed';
