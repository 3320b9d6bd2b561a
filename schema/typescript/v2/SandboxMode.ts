// Generated from the protocol schemas; do not edit.

export type SandboxMode = 'read-only' | 'workspace-write' | 'danger-full-access';
