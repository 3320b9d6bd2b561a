import type { CodexErrorInfo, TurnError } from '../../protocol/index.ts';
import { ResponsesError } from '../../responses/index.ts';
import type { ResponsesErrorKind } from '../../responses/index.ts';
import { errorMessage } from '../../util/errors.ts';

/** How an error that ended a turn is told. */
export function turnError(error: unknown): TurnError {
  return { message: errorMessage(error), codexErrorInfo: errorInfo(error), additionalDetails: null };
}

/** How an error is told after which the turn tries again; clients look for the form of the message. */
export function retryNotice(error: unknown, retry: number, maxRetries: number): TurnError {
  const httpStatusCode = error instanceof ResponsesError ? error.status : null;
  return {
    message: `Reconnecting... ${retry}/${maxRetries}`,
    codexErrorInfo: { responseStreamDisconnected: { httpStatusCode } },
    additionalDetails: errorMessage(error),
  };
}

const INFO: Readonly<Partial<Record<ResponsesErrorKind, CodexErrorInfo>>> = {
  contextWindowExceeded: 'contextWindowExceeded',
  quotaExceeded: 'usageLimitExceeded',
  usageNotIncluded: 'usageLimitExceeded',
  usageLimitReached: 'usageLimitExceeded',
  serverOverloaded: 'serverOverloaded',
  cyberPolicy: 'cyberPolicy',
  invalidImage: 'badRequest',
  loginExpired: 'unauthorized',
  internalServerError: 'internalServerError',
};

function errorInfo(error: unknown): CodexErrorInfo {
  if (!(error instanceof ResponsesError)) return 'other';
  const httpStatusCode = error.status;
  if (error.kind === 'retryLimit') return { responseTooManyFailedAttempts: { httpStatusCode } };
  return INFO[error.kind] ?? 'other';
}
