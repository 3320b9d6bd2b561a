import type { Logger } from '../../util/logger.ts';
import { backoffMs, LONGEST_DELAY_MS } from '../../util/backoff.ts';
import { sleep } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { ResponsesError } from '../error/responses-error.ts';

export interface RetryOptions {
  readonly maxRetries: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** The most retries that a configuration can ask for. */
const MOST_RETRIES = 100;

/**
 * Runs an attempt until it succeeds, fails for good, or the retries are used up; the last error is thrown. Worth a
 * retry are server errors and a provider that could not be reached.
 */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, logger, random, signal } = options;
  const maxRetries = Math.min(options.maxRetries, MOST_RETRIES);
  for (let retry = 1; ; retry += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (retry > maxRetries || !isWorthRetry(error)) throw error;
      const delayMs = retryDelayMs(retry, error, random);
      logger.warn(
        { retry, maxRetries, delayMs, kind: error.kind, status: error.status },
        'retrying a model request',
      );
      await sleep(clock, delayMs, signal);
    }
  }
}

/** The wait before the n-th retry: what the provider asks for, within bounds, else the usual back-off. */
function retryDelayMs(retry: number, error: ResponsesError, random: () => number): number {
  const asked = Math.min(error.retryAfterMs ?? 0, LONGEST_DELAY_MS);
  return Math.max(asked, backoffMs(retry, random));
}

function isWorthRetry(error: unknown): error is ResponsesError {
  if (!(error instanceof ResponsesError)) return false;
  return error.kind === 'connectionFailed' || (error.status !== null && error.status >= 500);
}
