import type { PlanType, RateLimitSnapshot } from '../../protocol/index.ts';

/** What went wrong with a request, one kind for each way the reference tells apart, and what it says of a retry. */
const IS_RETRYABLE = {
  /** The input does not fit into the model's context window. */
  contextWindowExceeded: false,
  /** The account has no quota left. */
  quotaExceeded: false,
  /** The account's plan does not include this use. */
  usageNotIncluded: false,
  /** The plan's usage limit is reached until `resetsAt`. */
  usageLimitReached: false,
  /** The model has no capacity at the moment. */
  serverOverloaded: false,
  /** The request was refused as a possible cybersecurity risk. */
  cyberPolicy: false,
  /** The API calls the request invalid; the message is what it said. */
  invalidRequest: false,
  /** The API could not read an image of the request. */
  invalidImage: false,
  /** Too many requests. Worth a retry only when the API says after how long. */
  retryLimit: false,
  /** There is no credential to send, for example because an environment variable is not set. */
  missingCredential: false,
  /** The login was refused, and could not be renewed. */
  loginExpired: false,
  /** The request could not be put together, for example because of its URL. */
  invalidSetup: false,
  /** The caller aborted, or the session was closed. */
  aborted: false,
  /** HTTP status 401. */
  unauthorized: true,
  /** HTTP status 500. */
  internalServerError: true,
  /** Any other HTTP status that is no success. */
  unexpectedStatus: true,
  /** No connection, or no answer on it, within its time. */
  timeout: true,
  /** The provider could not be reached. */
  connectionFailed: true,
  /** The stream began and broke, or failed without a reason that is known to be final. */
  streamDisconnected: true,
} as const satisfies Record<string, boolean>;

export type ResponsesErrorKind = keyof typeof IS_RETRYABLE;

export interface ResponsesErrorDetails {
  /** The HTTP status, where there was one. */
  readonly status?: number | null;
  /** The provider's id of the request. */
  readonly requestId?: string | null;
  /** How long the provider wants to be left alone, in milliseconds. */
  readonly retryAfterMs?: number | null;
  /** The rate limits that came with the refusal. */
  readonly rateLimits?: RateLimitSnapshot | null;
  readonly planType?: PlanType | null;
  /** When the limit resets, in Unix seconds. */
  readonly resetsAt?: number | null;
  /** Instead of what the kind says. */
  readonly isRetryable?: boolean;
  readonly cause?: unknown;
}

/**
 * Why a request, or the stream that answers it, failed. The message is for people and never holds a credential, the
 * value of a header that was sent, or the query of a URL.
 */
export class ResponsesError extends Error {
  readonly kind: ResponsesErrorKind;
  readonly status: number | null;
  readonly requestId: string | null;
  /** Whether a turn may send the same request again. */
  readonly isRetryable: boolean;
  readonly retryAfterMs: number | null;
  readonly rateLimits: RateLimitSnapshot | null;
  readonly planType: PlanType | null;
  readonly resetsAt: number | null;

  constructor(kind: ResponsesErrorKind, message: string, details: ResponsesErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'ResponsesError';
    this.kind = kind;
    this.status = details.status ?? null;
    this.requestId = details.requestId ?? null;
    this.isRetryable = details.isRetryable ?? IS_RETRYABLE[kind];
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.rateLimits = details.rateLimits ?? null;
    this.planType = details.planType ?? null;
    this.resetsAt = details.resetsAt ?? null;
  }

  /** The same error in other words. */
  withMessage(message: string): ResponsesError {
    return new ResponsesError(this.kind, message, this);
  }

  /** The same error with the provider's id of the request. */
  withRequestId(requestId: string | null): ResponsesError {
    const { cause, isRetryable, planType, rateLimits, resetsAt, retryAfterMs, status } = this;
    const details = { cause, isRetryable, planType, rateLimits, requestId, resetsAt, retryAfterMs, status };
    return new ResponsesError(this.kind, this.message, details);
  }
}

/** Clients look for these words. */
const DISCONNECTED = 'stream disconnected before completion: ';

/** A stream that broke. */
export function streamError(detail: string, details: ResponsesErrorDetails = {}): ResponsesError {
  return new ResponsesError('streamDisconnected', DISCONNECTED + detail, details);
}

/** A provider that could not be reached; told in the same words as a broken stream. */
export function connectionError(detail: string, details: ResponsesErrorDetails = {}): ResponsesError {
  return new ResponsesError('connectionFailed', DISCONNECTED + detail, details);
}

/** A request that could not be put together; told in the same words as a broken stream. */
export function setupError(detail: string): ResponsesError {
  return new ResponsesError('invalidSetup', DISCONNECTED + detail);
}

export function abortedError(): ResponsesError {
  return new ResponsesError('aborted', 'the request was aborted');
}
