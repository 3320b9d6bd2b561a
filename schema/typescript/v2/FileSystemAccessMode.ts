// Generated from the protocol schemas; do not edit.

export type FileSystemAccessMode = 'read' | 'write' | 'none';
