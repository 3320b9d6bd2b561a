// Generated from the protocol schemas; do not edit.

import type { ModeKind } from './ModeKind.js';
import type { Settings } from './Settings.js';

export interface CollaborationMode {
  mode: ModeKind;
  settings: Settings;
}
