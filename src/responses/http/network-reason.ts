import { errorMessage } from '../../util/errors.ts';
import { abortedError, ResponsesError, streamError } from '../error/responses-error.ts';

/** Why a request or the reading of its answer failed. `fetch` tells it in the cause of its error. */
export function networkReason(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return errorMessage(cause);
}

/** What a failure to read an answer means. */
export function readingError(error: unknown, signal: AbortSignal): ResponsesError {
  if (signal.aborted) return abortedError();
  return error instanceof ResponsesError ? error : streamError(networkReason(error), { cause: error });
}
