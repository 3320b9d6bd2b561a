// Generated from the protocol schemas; do not edit.

import type { ModelVerification } from './ModelVerification.js';

export interface ModelVerificationNotification {
  threadId: string;
  turnId: string;
  verifications: ModelVerification[];
}
