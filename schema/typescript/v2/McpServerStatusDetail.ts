// Generated from the protocol schemas; do not edit.

export type McpServerStatusDetail = 'full' | 'toolsAndAuthOnly';
