// Generated from the protocol schemas; do not edit.

import type { Account } from './Account.js';

export interface GetAccountResponse {
  account: Account | null;
  requiresOpenaiAuth: boolean;
}
