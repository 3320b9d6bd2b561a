// Generated from the protocol schemas; do not edit.

import type { FileSystemSandboxEntry } from './FileSystemSandboxEntry.js';

export type PermissionProfileFileSystemPermissions =
  | {
      type: 'restricted';
      entries: FileSystemSandboxEntry[];
      globScanMaxDepth?: number | null;
    }
  | {
      type: 'unrestricted';
    };
