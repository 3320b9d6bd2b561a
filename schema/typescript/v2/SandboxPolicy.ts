// Generated from the protocol schemas; do not edit.

import type { AbsolutePathBuf } from '../AbsolutePathBuf.js';
import type { NetworkAccess } from './NetworkAccess.js';

export type SandboxPolicy =
  | {
      type: 'dangerFullAccess';
    }
  | {
      type: 'readOnly';
      networkAccess?: boolean;
    }
  | {
      type: 'externalSandbox';
      networkAccess?: NetworkAccess;
    }
  | {
      type: 'workspaceWrite';
      writableRoots?: AbsolutePathBuf[];
      networkAccess?: boolean;
      excludeTmpdirEnvVar?: boolean;
      excludeSlashTmp?: boolean;
    };
