// Generated from the protocol schemas; do not edit.

import type { JSONRPCErrorError } from './JSONRPCErrorError.js';
import type { RequestId } from './RequestId.js';

export interface JSONRPCError {
  error: JSONRPCErrorError;
  id: RequestId;
}
