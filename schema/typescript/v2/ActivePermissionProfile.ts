// Generated from the protocol schemas; do not edit.

import type { ActivePermissionProfileModification } from './ActivePermissionProfileModification.js';

export interface ActivePermissionProfile {
  id: string;
  extends: string | null;
  modifications: ActivePermissionProfileModification[];
}
