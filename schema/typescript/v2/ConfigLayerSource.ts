// Generated from the protocol schemas; do not edit.

import type { AbsolutePathBuf } from '../AbsolutePathBuf.js';

export type ConfigLayerSource =
  | {
      type: 'mdm';
      domain: string;
      key: string;
    }
  | {
      type: 'system';
      file: AbsolutePathBuf;
    }
  | {
      type: 'user';
      file: AbsolutePathBuf;
    }
  | {
      type: 'project';
      dotCodexFolder: AbsolutePathBuf;
    }
  | {
      type: 'sessionFlags';
    }
  | {
      type: 'legacyManagedConfigTomlFromFile';
      file: AbsolutePathBuf;
    }
  | {
      type: 'legacyManagedConfigTomlFromMdm';
    };
