import { ResponsesError } from '../../../responses/index.ts';
import type {
  RequestContext,
  ResponseEvent,
  ResponseItem,
  ResponsesRequest,
  ResponsesSession,
  TurnScope,
} from '../../../responses/index.ts';
import type { Gate } from '../../../util/gate.ts';
import { retryNotice } from '../turn-error.ts';
import type { ResponseEventOf } from './response-event.ts';
import { StreamItems } from './stream-items.ts';
import type { TurnReporter } from '../turn-reporter.ts';

export interface SamplingOptions {
  readonly session: ResponsesSession;
  readonly scope: TurnScope;
  readonly context: RequestContext;
  /** Asked again for each attempt: what was recorded before a stream broke is part of the next request. */
  readonly request: () => Promise<ResponsesRequest>;
  readonly maxRetries: number;
  readonly signal: AbortSignal;
  readonly reporter: TurnReporter;
  /** The stream is not read while this is shut. */
  readonly output: Gate;
  /** Absent for a response that clients are not shown. */
  readonly newItemId: (() => string) | null;
  /** The id of the plan's item; null outside of plan mode. */
  readonly planId: string | null;
  readonly onItem: (item: ResponseItem) => void;
  readonly onEvent: (event: ResponseEvent) => void;
}

/**
 * Gets one response from the model. A stream that breaks is tried again, visibly, after a growing wait; when the tries
 * of the WebSocket are used up, HTTP has as many. Throws `ResponsesError`, and when the signal aborts.
 */
export async function sample(options: SamplingOptions): Promise<ResponseEventOf<'completed'>> {
  const { maxRetries, reporter, session, signal } = options;
  for (let retry = 1; ; retry += 1) {
    try {
      return await attempt(options);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ResponsesError) || !error.isRetryable) throw error;
      if (retry > maxRetries) {
        if (!session.fallBackToHttp()) throw error;
        reporter.warning(`Falling back from WebSockets to HTTPS transport. ${error.message}`);
        retry = 0;
        continue;
      }
      reporter.error(retryNotice(error, retry, maxRetries), true);
      await session.waitBeforeRetry(retry, error, signal);
    }
  }
}

async function attempt(options: SamplingOptions): Promise<ResponseEventOf<'completed'>> {
  const { context, newItemId, onEvent, onItem, reporter, request, scope, session, signal } = options;
  const items = newItemId === null ? null : new StreamItems(reporter, newItemId, options.planId);
  for await (const event of session.stream(await request(), { context, turn: scope, signal })) {
    if (options.output.isShut) await options.output.pass(signal);
    switch (event.type) {
      case 'itemAdded':
        items?.added(event.item);
        break;
      case 'itemDone':
        items?.done(event.item);
        onItem(event.item);
        break;
      case 'textDelta':
        items?.textDelta(event);
        break;
      case 'reasoningSummaryPartAdded':
        items?.reasoningSummaryPartAdded(event);
        break;
      case 'reasoningSummaryDelta':
        items?.reasoningSummaryDelta(event);
        break;
      case 'reasoningTextDelta':
        items?.reasoningTextDelta(event);
        break;
      case 'completed':
        onEvent(event);
        return event;
      default:
        onEvent(event);
    }
  }
  throw new ResponsesError('streamDisconnected', 'the stream ended without a completed response');
}
