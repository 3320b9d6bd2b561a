// Generated from the protocol schemas; do not edit.

import type { PermissionProfileModificationParams } from './PermissionProfileModificationParams.js';

export type PermissionProfileSelectionParams = {
  type: 'profile';
  id: string;
  modifications?: PermissionProfileModificationParams[] | null;
};
