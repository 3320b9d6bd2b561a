// Generated from the protocol schemas; do not edit.

export type McpServerElicitationAction = 'accept' | 'decline' | 'cancel';
