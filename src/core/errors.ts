/** What went wrong inside the core, for programs; the message is for people. */
export type CoreErrorCode =
  | 'accountError'
  | 'configurationInvalid'
  | 'inputTooLarge'
  | 'invalidCursor'
  | 'invalidInput'
  | 'invalidThreadId'
  | 'mcpRequestFailed'
  | 'mcpServerNotFound'
  | 'memoryUnavailable'
  | 'noActiveTurn'
  | 'otherTurnActive'
  | 'overloaded'
  | 'realtimeUnsupported'
  | 'requiredServersFailed'
  | 'rolloutNotFound'
  | 'rolloutUnreadable'
  | 'threadClosing'
  | 'threadNotFound'
  | 'threadRunning'
  | 'threadUnreadable'
  | 'threadUnwritable'
  | 'turnActive'
  | 'turnNotFound'
  | 'turnNotSteerable'
  | 'turnsUnavailable';

/** A request that the core refuses. It crosses the wire only as the server words it. */
export class CoreError extends Error {
  readonly code: CoreErrorCode;
  /** What a program needs to know beside the code. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: CoreErrorCode,
    message: string,
    options: { details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'CoreError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** The configuration cannot be used; `cause` says why. */
export function configurationInvalid(cause: string): CoreError {
  return new CoreError('configurationInvalid', `failed to load configuration: ${cause}`);
}
