/** The numeric error codes that may cross the wire. */
export const errorCodes = {
  /** Nearly every refusal: decoding, unknown method, not initialized, capability gate, unknown thread, semantics. */
  invalidRequest: -32600,
  /** A known method that is not supported; never an unknown method, which is `invalidRequest`. */
  methodNotFound: -32601,
  /** An argument that decodes but is out of bounds, such as input text over the limit. */
  invalidParams: -32602,
  /** A failure inside the server. */
  internalError: -32603,
  /** A line that is not JSON. */
  parseError: -32700,
  /** The request was not started because too many are waiting; sending it again is safe. */
  serverOverloaded: -32001,
} as const;

export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes];
