// Generated from the protocol schemas; do not edit.

import type { AbsolutePathBuf } from '../AbsolutePathBuf.js';
import type { FileSystemSandboxEntry } from './FileSystemSandboxEntry.js';

export interface AdditionalFileSystemPermissions {
  read?: AbsolutePathBuf[] | null;
  write?: AbsolutePathBuf[] | null;
  entries?: FileSystemSandboxEntry[] | null;
  globScanMaxDepth?: number | null;
}
