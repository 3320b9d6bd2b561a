// Generated from the protocol schemas; do not edit.

import type { AbsolutePathBuf } from '../AbsolutePathBuf.js';

export type ActivePermissionProfileModification = {
  type: 'additionalWritableRoot';
  path: AbsolutePathBuf;
};
