// Generated from the protocol schemas; do not edit.

import type { JSONRPCError } from './JSONRPCError.js';
import type { JSONRPCNotification } from './JSONRPCNotification.js';
import type { JSONRPCRequest } from './JSONRPCRequest.js';
import type { JSONRPCResponse } from './JSONRPCResponse.js';

export type JSONRPCMessage = JSONRPCRequest | JSONRPCNotification | JSONRPCResponse | JSONRPCError;
