// Generated from the protocol schemas; do not edit.

import type { ThreadActiveFlag } from './ThreadActiveFlag.js';

export type ThreadStatus =
  | {
      type: 'notLoaded';
    }
  | {
      type: 'idle';
    }
  | {
      type: 'systemError';
    }
  | {
      type: 'active';
      activeFlags: ThreadActiveFlag[];
    };
