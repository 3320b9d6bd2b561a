// Generated from the protocol schemas; do not edit.

import type { AdditionalFileSystemPermissions } from './AdditionalFileSystemPermissions.js';
import type { AdditionalNetworkPermissions } from './AdditionalNetworkPermissions.js';

export interface AdditionalPermissionProfile {
  network?: AdditionalNetworkPermissions | null;
  fileSystem?: AdditionalFileSystemPermissions | null;
}
