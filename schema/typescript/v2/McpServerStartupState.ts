// Generated from the protocol schemas; do not edit.

export type McpServerStartupState = 'starting' | 'ready' | 'failed' | 'cancelled';
