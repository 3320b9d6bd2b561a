// Generated from the protocol schemas; do not edit.

import type { TurnError } from './TurnError.js';

export interface ErrorNotification {
  error: TurnError;
  willRetry: boolean;
  threadId: string;
  turnId: string;
}
