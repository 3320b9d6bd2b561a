// Generated from the protocol schemas; do not edit.

import type { FileSystemAccessMode } from './FileSystemAccessMode.js';
import type { FileSystemPath } from './FileSystemPath.js';

export interface FileSystemSandboxEntry {
  path: FileSystemPath;
  access: FileSystemAccessMode;
}
