import { DEFAULT_LIMIT_ID, limitId, rateLimitsOfFamily } from '../event/rate-limit-headers.ts';
import type { ResponseHeaders } from '../http/transport.ts';
import { LONGEST_DELAY_MS } from '../../util/backoff.ts';
import { parseObject } from '../json.ts';
import { readApiError } from './api-error.ts';
import type { ApiError } from './api-error.ts';
import { cyberPolicyError, isOverloadedCode, overloadedError, usageNotIncludedError } from './final-error.ts';
import { ResponsesError } from './responses-error.ts';
import { retryAfterMs } from './retry-after.ts';
import { statusLine, unexpectedStatusText } from './status-text.ts';
import { usageLimitText } from './usage-limit-text.ts';

/** An answer that is no success: of an HTTP request, of a handshake, or told in an error frame. */
export interface Refusal {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string;
  /** The URL that was asked; its query and its credentials are not told on. */
  readonly url: string;
}

/** How the API begins to say that it could not read an image. */
const INVALID_IMAGE = 'The image data you provided does not represent a valid image';

/** The error that a refusal means. `now` is in Unix milliseconds. */
export function statusError(refusal: Refusal, now: number): ResponsesError {
  const { body, headers, status } = refusal;
  const error = readApiError(parseObject(body)?.['error']);
  const details = { status, requestId: requestIdOf(headers), retryAfterMs: retryAfterMs(headers, now) };
  if (status === 400) {
    if (error?.code === 'cyber_policy') return cyberPolicyError(error.message, details);
    const kind = body.includes(INVALID_IMAGE) ? 'invalidImage' : 'invalidRequest';
    return new ResponsesError(kind, body.trim() === '' ? unexpectedStatusText(refusal) : body, details);
  }
  if (status === 429) return tooManyRequests(refusal, error, now);
  if (status === 503 && error !== null && isOverloadedCode(error.code)) return overloadedError(details);
  const kind = status === 401 ? 'unauthorized' : status === 500 ? 'internalServerError' : 'unexpectedStatus';
  return new ResponsesError(kind, unexpectedStatusText(refusal), details);
}

function tooManyRequests({ headers, status }: Refusal, error: ApiError | null, now: number): ResponsesError {
  const details = { status, requestId: requestIdOf(headers) };
  if (error?.type === 'usage_not_included') return usageNotIncludedError(details);
  if (error?.type === 'usage_limit_reached') return usageLimitError(headers, error, now);
  const id = details.requestId === null ? '' : `, request id: ${details.requestId}`;
  const delay = retryAfterMs(headers, now);
  return new ResponsesError('retryLimit', `exceeded retry limit, last status: ${statusLine(status)}${id}`, {
    ...details,
    retryAfterMs: delay,
    isRetryable: delay !== null && delay <= LONGEST_DELAY_MS,
  });
}

function usageLimitError(headers: ResponseHeaders, error: ApiError, now: number): ResponsesError {
  const rateLimits = rateLimitsOfFamily(
    headers,
    limitId(headers.get('x-codex-active-limit') ?? '') || DEFAULT_LIMIT_ID,
  );
  const { planType, resetsAt } = error;
  const promotion = headers.get('x-codex-promo-message')?.trim() || null;
  const message = usageLimitText({ limitName: rateLimits.limitName, promotion, planType, resetsAt }, now);
  const details = { status: 429, requestId: requestIdOf(headers), rateLimits, planType, resetsAt };
  return new ResponsesError('usageLimitReached', message, details);
}

const REQUEST_ID_HEADERS = ['x-request-id', 'x-oai-request-id', 'cf-ray'];

/** The id by which the provider, or what stands before it, finds a request again. */
export function requestIdOf(headers: ResponseHeaders): string | null {
  for (const name of REQUEST_ID_HEADERS) {
    const value = headers.get(name);
    if (value !== null) return value;
  }
  return null;
}
