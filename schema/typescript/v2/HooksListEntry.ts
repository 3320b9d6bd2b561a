// Generated from the protocol schemas; do not edit.

import type { HookErrorInfo } from './HookErrorInfo.js';

export interface HooksListEntry {
  cwd: string;
  hooks: unknown[];
  warnings: string[];
  errors: HookErrorInfo[];
}
