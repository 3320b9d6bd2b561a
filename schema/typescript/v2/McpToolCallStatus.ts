// Generated from the protocol schemas; do not edit.

export type McpToolCallStatus = 'inProgress' | 'completed' | 'failed';
