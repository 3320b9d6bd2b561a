// Generated from the protocol schemas; do not edit.

import type { AbsolutePathBuf } from '../AbsolutePathBuf.js';

export interface TurnEnvironmentParams {
  environmentId: string;
  cwd: AbsolutePathBuf;
}
