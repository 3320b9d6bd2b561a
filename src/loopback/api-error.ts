/** What went wrong, in the API's terms. `param` is the path of the field at fault, such as `session.tools[0].name`. */
export interface ApiProblem {
  readonly type: 'invalid_request_error' | 'rate_limit_error' | 'server_error';
  readonly code: string | null;
  readonly message: string;
  readonly param: string | null;
}

/** A request that was refused with an HTTP status, or its frame on a socket. */
export interface ApiRefusal {
  readonly status: number;
  readonly problem: ApiProblem;
}

/** A problem that the client caused. */
export function invalidRequest(
  code: string | null,
  message: string,
  param: string | null = null,
): ApiProblem {
  return { type: 'invalid_request_error', code, message, param };
}

/** A problem in the loopback itself. It tells nothing of the cause, which goes to the log. */
export function internalProblem(): ApiProblem {
  return {
    type: 'server_error',
    code: 'internal_error',
    message: 'The loopback server failed while it handled this.',
    param: null,
  };
}

/** The body that the API sends with an HTTP status of 400 or more. */
export function errorBody({ message, type, param, code }: ApiProblem): { error: ApiProblem } {
  return { error: { message, type, param, code } };
}
