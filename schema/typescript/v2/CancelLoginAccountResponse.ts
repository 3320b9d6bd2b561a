// Generated from the protocol schemas; do not edit.

import type { CancelLoginAccountStatus } from './CancelLoginAccountStatus.js';

export interface CancelLoginAccountResponse {
  status: CancelLoginAccountStatus;
}
