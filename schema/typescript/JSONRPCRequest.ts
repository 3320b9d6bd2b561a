// Generated from the protocol schemas; do not edit.

import type { RequestId } from './RequestId.js';
import type { W3cTraceContext } from './W3cTraceContext.js';

export interface JSONRPCRequest {
  id: RequestId;
  method: string;
  params?: unknown;
  trace?: W3cTraceContext | null;
}
