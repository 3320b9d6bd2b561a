import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorMessage } from '../../util/errors.ts';
import { isNestedDeeper } from '../../util/nesting.ts';
import { internalProblem, invalidRequest } from '../api-error.ts';
import type { ApiProblem, ApiRefusal } from '../api-error.ts';
import type { LoopbackContext } from '../context.ts';
import { DEEPEST_NESTING } from '../event-object.ts';
import { readBody, replyRefusal } from '../http/replies.ts';
import { readSessionRequest } from '../realtime/session-request.ts';
import { readCallBody } from './call-body.ts';
import type { Call } from './call.ts';
import type { Calls } from './calls.ts';
import { readOffer } from './offer.ts';

/** The most that the request for a call may hold. */
const LONGEST_CALL_BYTES = 4 * 1024 * 1024;

export interface CallExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly calls: Calls;
  readonly context: LoopbackContext;
}

/** Makes a call: answers 201 with the description that answers the offer, and with the place of the call. */
export async function serveNewCall(exchange: CallExchange, defaultModel: string): Promise<void> {
  const { request, response, context } = exchange;
  try {
    await answer(exchange, defaultModel);
  } catch (error) {
    if (response.destroyed || request.errored !== null) return;
    context.onEvent({ name: 'internal_error', message: errorMessage(error) });
    replyRefusal(response, { status: 500, problem: internalProblem() });
  }
}

async function answer({ request, response, calls }: CallExchange, defaultModel: string): Promise<void> {
  const body = await readBody(request, LONGEST_CALL_BYTES);
  if (!body.ok) {
    response.once('finish', () => request.destroy());
    const problem = invalidRequest('request_too_large', 'The request for a call can have 4 MiB at most.');
    return replyRefusal(response, { status: 413, problem });
  }
  const contents = await readCallBody(request.headers['content-type'] ?? '', body.bytes);
  if (!contents.ok) return replyRefusal(response, contents.refusal);
  const offered = readOffer(contents.sdp);
  if (!offered.ok) return refuse(response, offered.problem);
  if (isNestedDeeper(contents.session, DEEPEST_NESTING)) {
    return refuse(response, invalidRequest('invalid_value', 'The session is nested too deeply.', 'session'));
  }
  const session = readSessionRequest(contents.session, defaultModel);
  if (!session.ok) return refuse(response, session.problem);
  const outcome = await calls.create(offered.offer, session.request);
  if (!outcome.ok) return replyRefusal(response, outcome.refusal);
  if (response.destroyed) return outcome.call.end('peer_gone');
  const bytes = Buffer.from(outcome.answer);
  response.writeHead(201, {
    'content-type': 'application/sdp',
    'content-length': bytes.length,
    location: `/v1/realtime/calls/${outcome.call.id}`,
  });
  response.end(bytes);
}

/** Ends a call, with an empty answer. */
export function serveHangup({ response, calls }: CallExchange, callId: string): void {
  const call = calls.find(callId);
  if (call === null) return replyRefusal(response, { status: 404, problem: callNotFound() });
  call.end('hangup');
  response.writeHead(200, { 'content-length': 0 });
  response.end();
}

function callNotFound(): ApiProblem {
  return invalidRequest('call_id_not_found', 'There is no call with this id.');
}

function refuse(response: ServerResponse, problem: ApiProblem): void {
  replyRefusal(response, { status: 400, problem });
}

/** Why a WebSocket cannot join a call, or the call. */
export function joinedCall(
  calls: Calls,
  { callId, version }: { readonly callId: string; readonly version: 1 | 2 },
): Call | ApiRefusal {
  const call = calls.find(callId);
  if (call === null) return { status: 404, problem: callNotFound() };
  if (call.version !== version) {
    const message =
      call.version === 1
        ? 'This call has a session of version 1, which is joined with intent=quicksilver.'
        : 'This call has a session of version 2, which is joined without an intent.';
    return { status: 400, problem: invalidRequest('invalid_value', message, 'intent') };
  }
  if (!call.isFull) return call;
  const message = 'This call has as many observers as it can have.';
  return {
    status: 429,
    problem: { type: 'rate_limit_error', code: 'too_many_observers', message, param: null },
  };
}
