import * as z from 'zod/mini';
import { int64, jsonValue } from './scalars.ts';

/** The id of a request, echoed with its JSON type: `7` and `"7"` are different ids. */
export const RequestId = z.union([z.string(), int64]);
export type RequestId = z.infer<typeof RequestId>;

/** Distributed tracing headers that a client may attach to a request. */
export const W3cTraceContext = z.object({
  traceparent: z.nullish(z.string()),
  tracestate: z.nullish(z.string()),
});
export type W3cTraceContext = z.infer<typeof W3cTraceContext>;

/** A request envelope. The wire carries no `jsonrpc` member; one that is sent is ignored. */
export const JSONRPCRequest = z.object({
  id: RequestId,
  method: z.string(),
  params: z.optional(z.unknown()),
  trace: z.nullish(W3cTraceContext),
});
export type JSONRPCRequest = z.infer<typeof JSONRPCRequest>;

/** A notification envelope, in either direction. */
export const JSONRPCNotification = z.object({
  method: z.string(),
  params: z.optional(z.unknown()),
});
export type JSONRPCNotification = z.infer<typeof JSONRPCNotification>;

/** The successful answer to a request. */
export const JSONRPCResponse = z.object({
  id: RequestId,
  result: jsonValue,
});
export type JSONRPCResponse = z.infer<typeof JSONRPCResponse>;

/** The error object inside an error answer. `data` is absent when there is none. */
export const JSONRPCErrorError = z.object({
  code: int64,
  data: z.optional(z.unknown()),
  message: z.string(),
});
export type JSONRPCErrorError = z.infer<typeof JSONRPCErrorError>;

/** The error answer to a request. */
export const JSONRPCError = z.object({
  error: JSONRPCErrorError,
  id: RequestId,
});
export type JSONRPCError = z.infer<typeof JSONRPCError>;

/** Any message; the first shape that fits decides, in this order. */
export const JSONRPCMessage = z.union([JSONRPCRequest, JSONRPCNotification, JSONRPCResponse, JSONRPCError]);
export type JSONRPCMessage = z.infer<typeof JSONRPCMessage>;
