// Generated from the protocol schemas; do not edit.

import type { RequestId } from './RequestId.js';

export interface JSONRPCResponse {
  id: RequestId;
  result: unknown;
}
