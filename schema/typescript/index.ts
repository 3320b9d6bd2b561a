// Generated from the protocol schemas; do not edit.

export type { AbsolutePathBuf } from './AbsolutePathBuf.js';
export type { ClientInfo } from './ClientInfo.js';
export type { ClientNotification } from './ClientNotification.js';
export type { ClientRequest } from './ClientRequest.js';
export type { GetAuthStatusParams } from './GetAuthStatusParams.js';
export type { GetAuthStatusResponse } from './GetAuthStatusResponse.js';
export type { InitializeCapabilities } from './InitializeCapabilities.js';
export type { InitializeParams } from './InitializeParams.js';
export type { InitializeResponse } from './InitializeResponse.js';
export type { JSONRPCError } from './JSONRPCError.js';
export type { JSONRPCErrorError } from './JSONRPCErrorError.js';
export type { JSONRPCMessage } from './JSONRPCMessage.js';
export type { JSONRPCNotification } from './JSONRPCNotification.js';
export type { JSONRPCRequest } from './JSONRPCRequest.js';
export type { JSONRPCResponse } from './JSONRPCResponse.js';
export type { RequestId } from './RequestId.js';
export type { ServerNotification } from './ServerNotification.js';
export type { ServerRequest } from './ServerRequest.js';
export type { W3cTraceContext } from './W3cTraceContext.js';
export type * as v2 from './v2/index.js';
