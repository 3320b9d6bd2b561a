// Generated from the protocol schemas; do not edit.

import type { AppsDefaultConfig } from './AppsDefaultConfig.js';

export interface AppsConfig {
  _default: AppsDefaultConfig | null;
  [k: string]: unknown;
}
