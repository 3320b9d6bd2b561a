// Generated from the protocol schemas; do not edit.

import type { TextRange } from './TextRange.js';

export interface ConfigWarningNotification {
  summary: string;
  details: string | null;
  path?: string | null;
  range?: TextRange | null;
}
