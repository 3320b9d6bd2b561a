// Generated from the protocol schemas; do not edit.

import type { CodexErrorInfo } from './CodexErrorInfo.js';

export interface TurnError {
  message: string;
  codexErrorInfo: CodexErrorInfo | null;
  additionalDetails: string | null;
}
