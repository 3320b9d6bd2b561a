import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorMessage } from '../../util/errors.ts';
import { internalProblem, invalidRequest } from '../api-error.ts';
import type { LoopbackContext } from '../context.ts';
import { EventStream } from '../http/event-stream.ts';
import { readBody, replyJson, replyRefusal } from '../http/replies.ts';
import type { PacedRun } from '../paced-run.ts';
import { readRequestBody } from './request.ts';
import { prepareResponse, streamResponse } from './response-run.ts';
import type { NumberedEvent, PreparedResponse } from './response-run.ts';
import type { ResponseStore } from './store.ts';

export interface ResponsesContext {
  readonly context: LoopbackContext;
  /** The responses that any later request may continue. */
  readonly store: ResponseStore;
}

/** Answers `POST /v1/responses`, as a stream of events or in one body. */
export async function serveResponsesHttp(
  request: IncomingMessage,
  response: ServerResponse,
  options: ResponsesContext,
): Promise<void> {
  const { context } = options;
  try {
    await answer(request, response, options);
  } catch (error) {
    if (response.destroyed || request.errored !== null) return;
    context.onEvent({ name: 'internal_error', message: errorMessage(error) });
    if (response.headersSent) response.destroy();
    else replyRefusal(response, { status: 500, problem: internalProblem() });
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { context, store }: ResponsesContext,
): Promise<void> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    const problem = invalidRequest(null, 'The loopback server takes bodies without content encoding only.');
    return replyRefusal(response, { status: 415, problem });
  }
  const body = await readBody(request);
  if (!body.ok) {
    response.once('finish', () => request.destroy());
    const problem = invalidRequest(null, 'The body of the request is longer than 64 MiB.');
    return replyRefusal(response, { status: 413, problem });
  }
  const parsed = readRequestBody(body.bytes.toString('utf8'));
  if (!parsed.ok) return replyRefusal(response, { status: 400, problem: parsed.problem });
  const outcome = prepareResponse(parsed.request, (id) => store.find(id), context);
  if (!outcome.ok) return replyRefusal(response, outcome.refusal);
  const prepared = outcome.response;
  const remember = (): void => {
    if (parsed.request.isStored) store.remember(prepared.id, prepared.memory);
  };
  if (response.destroyed) return;
  const run = parsed.request.isStreamed
    ? streamed(response, { prepared, context, remember })
    : whole(response, { prepared, context, remember });
  response.once('close', () => run.stop());
  context.onEvent({ name: 'response_started', response: prepared.id, isStreamed: parsed.request.isStreamed });
  run.start();
}

interface AnswerOptions {
  readonly prepared: PreparedResponse;
  readonly context: LoopbackContext;
  readonly remember: () => void;
}

function streamed(response: ServerResponse, { prepared, context, remember }: AnswerOptions): PacedRun {
  const stream = new EventStream(response, context);
  stream.open();
  const onEnd = (): void => {
    remember();
    stream.end();
  };
  return streamResponse(prepared, { context, outlet: stream, send: (event) => stream.send(event), onEnd });
}

/** The same run without the events: only what the last one says is sent. */
function whole(response: ServerResponse, { prepared, context, remember }: AnswerOptions): PacedRun {
  let last: NumberedEvent | null = null;
  const onEnd = (): void => {
    if (last?.type === 'response.completed') {
      remember();
      return replyJson(response, 200, last.response);
    }
    const message =
      (last?.type === 'response.failed' ? last.response.error?.message : null) ?? 'The response failed.';
    const problem = { type: 'rate_limit_error', code: 'rate_limit_exceeded', message, param: null } as const;
    replyRefusal(response, { status: 429, problem });
  };
  const outlet = { isCongested: false, onceFree: () => {} };
  return streamResponse(prepared, { context, outlet, send: (event) => (last = event), onEnd });
}
