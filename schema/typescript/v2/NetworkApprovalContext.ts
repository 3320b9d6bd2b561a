// Generated from the protocol schemas; do not edit.

import type { NetworkApprovalProtocol } from './NetworkApprovalProtocol.js';

export interface NetworkApprovalContext {
  host: string;
  protocol: NetworkApprovalProtocol;
}
