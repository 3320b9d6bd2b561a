// Generated from the protocol schemas; do not edit.

import type { Turn } from './Turn.js';

export interface TurnStartResponse {
  turn: Turn;
}
