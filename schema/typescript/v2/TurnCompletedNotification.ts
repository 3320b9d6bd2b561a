// Generated from the protocol schemas; do not edit.

import type { Turn } from './Turn.js';

export interface TurnCompletedNotification {
  threadId: string;
  turn: Turn;
}
