import { objectOf, textOf } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { readApiError } from './api-error.ts';
import type { ApiError } from './api-error.ts';
import {
  contextWindowError,
  cyberPolicyError,
  isOverloadedCode,
  overloadedError,
  quotaError,
  usageNotIncludedError,
} from './final-error.ts';
import { ResponsesError, streamError } from './responses-error.ts';

/** The error that a `response.failed` event tells; `response` is the event's member of that name. */
export function failedResponseError(response: JsonObject | null): ResponsesError {
  const error = readApiError(response?.['error']);
  return error === null ? streamError('response.failed event received') : apiError(error);
}

/** The error that a `response.incomplete` event tells. */
export function incompleteResponseError(response: JsonObject | null): ResponsesError {
  const reason = textOf(objectOf(response?.['incomplete_details'])?.['reason']);
  return streamError(`Incomplete response returned, reason: ${reason ?? 'unknown'}`);
}

/** The error that an `error` event tells, which has its members in an `error` object or at its top level. */
export function errorEventError(event: JsonObject): ResponsesError | null {
  const error = readApiError(event['error']) ?? readApiError(event);
  return error === null || (error.code === null && error.message === null) ? null : apiError(error);
}

function apiError(error: ApiError): ResponsesError {
  switch (error.code) {
    case 'context_length_exceeded':
      return contextWindowError();
    case 'insufficient_quota':
      return quotaError();
    case 'usage_not_included':
      return usageNotIncludedError();
    case 'cyber_policy':
      return cyberPolicyError(error.message);
    case 'invalid_prompt':
      return new ResponsesError('invalidRequest', error.message ?? 'Invalid request.');
    default:
      if (isOverloadedCode(error.code)) return overloadedError();
      return streamError(error.message ?? '', { retryAfterMs: requestedDelayMs(error) });
  }
}

const TRY_AGAIN = /try again in\s*(\d+(?:\.\d+)?)\s*(ms|seconds?|s)/iu;

/** The delay that a rate-limit message asks for in words, in milliseconds. */
export function requestedDelayMs({ code, message }: ApiError): number | null {
  if (code !== 'rate_limit_exceeded' || message === null) return null;
  const [, amount, unit] = TRY_AGAIN.exec(message) ?? [];
  if (amount === undefined || unit === undefined) return null;
  return Math.round(Number(amount) * (unit.toLowerCase() === 'ms' ? 1 : 1000));
}
