// Generated from the protocol schemas; do not edit.

import type { Thread } from './Thread.js';

export interface ThreadRollbackResponse {
  thread: Thread;
}
