import { abortedError, ResponsesError, streamError } from '../error/responses-error.ts';
import { requestIdOf } from '../error/status-error.ts';
import { EventDecoder } from '../event/decoder.ts';
import type { ResponseEvent } from '../event/event.ts';
import { eventsOfHeaders } from '../event/header-events.ts';
import { parseObject } from '../json.ts';
import { httpBody } from '../request/body.ts';
import { responseHeaders } from '../request/headers.ts';
import type { RequestContext, ResponsesRequest } from '../request/request.ts';
import type { TurnScope } from '../turn-scope.ts';
import type { Upstream } from '../upstream.ts';
import { drain } from './drain.ts';
import { readingError } from './network-reason.ts';
import { post } from './post.ts';
import { readServerSentEvents } from './sse.ts';

export interface StreamCall {
  readonly request: ResponsesRequest;
  readonly context: RequestContext;
  readonly turn: TurnScope;
  readonly signal: AbortSignal;
}

const PATH = 'responses';

/**
 * How long a stream that told a failure is read on, in milliseconds. A response that completes after all wins, and
 * a connection that is kept open must not hide what was told.
 */
const AFTER_FAILURE_MS = 1_000;

/** Asks for a response by HTTP and yields what it tells, up to `completed`. */
export async function* streamByHttp(
  upstream: Upstream,
  call: StreamCall,
): AsyncGenerator<ResponseEvent, void> {
  const { context, request, signal, turn } = call;
  const { clock, compression, identity, provider } = upstream.options;
  const exchange = await post(upstream, {
    path: PATH,
    headers: responseHeaders(identity, context, turn.turnState),
    body: httpBody(request, { identity, isAzure: provider.isAzure }),
    compress: compression?.() ?? null,
    recoversAuth: true,
    signal,
  });
  const reader = exchange.body[Symbol.asyncIterator]();
  let isCompleted = false;
  try {
    turn.keepTurnState(exchange.headers.get('x-codex-turn-state'));
    yield* eventsOfHeaders(exchange.headers);
    for await (const event of eventsOfBody(upstream, reader, signal)) {
      isCompleted = event.type === 'completed';
      yield event;
    }
  } catch (error) {
    if (!(error instanceof ResponsesError)) throw error;
    throw error.withRequestId(requestIdOf(exchange.headers));
  } finally {
    if (isCompleted) void drain(reader, clock, signal).finally(exchange.end);
    else exchange.end();
  }
}

async function* eventsOfBody(
  upstream: Upstream,
  reader: AsyncIterator<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<ResponseEvent, void> {
  const { clock, logger, provider } = upstream.options;
  const decoder = new EventDecoder();
  let failure: ResponsesError | null = null;
  let told: ResponsesError | null = null;
  const idleTimeoutMs = (): number =>
    failure === null
      ? provider.streamIdleTimeoutMs
      : Math.min(AFTER_FAILURE_MS, provider.streamIdleTimeoutMs);
  try {
    for await (const data of readServerSentEvents(reader, { clock, signal, idleTimeoutMs })) {
      const event = parseObject(data);
      if (event === null) logger.debug({ length: data.length }, 'skipped an event that is no JSON object');
      for (const decoded of event === null ? [] : decoder.decode(event)) {
        if (decoded.type === 'failed') failure = decoded.error;
        else if (decoded.type === 'errorTold') told = decoded.error;
        else yield decoded;
        if (decoded.type === 'completed') return;
      }
    }
  } catch (error) {
    throw signal.aborted ? abortedError() : (failure ?? told ?? readingError(error, signal));
  }
  throw failure ?? told ?? streamError('stream closed before response.completed');
}
