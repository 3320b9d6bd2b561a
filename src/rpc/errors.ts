/** An error that crosses the wire: a JSON-RPC error object as an exception. */
export class RpcError extends Error {
  readonly code: number;
  /** The `data` member; undefined leaves it out. */
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
    this.data = data;
  }
}

/** The connection closed, or the wait ended, before the peer answered. */
export class RpcConnectionError extends Error {
  readonly reason: 'closed' | 'timeout' | 'aborted';

  constructor(reason: 'closed' | 'timeout' | 'aborted', message: string) {
    super(message);
    this.name = 'RpcConnectionError';
    this.reason = reason;
  }
}
