import { invalidRequest } from '../api-error.ts';
import type { ApiRefusal } from '../api-error.ts';
import type { LoopbackContext } from '../context.ts';
import type { Outlet } from '../outlet.ts';
import { PacedRun } from '../paced-run.ts';
import { responseScript } from './events.ts';
import type { ResponseEvent, ResponseScript } from './events.ts';
import { planAnswer } from './plan.ts';
import type { InputItem, ResponsesRequest } from './request.ts';
import type { RememberedResponse } from './store.ts';

/** An event with its number in the sequence, as it is sent. */
export type NumberedEvent = ResponseEvent & { readonly sequence_number: number };

export interface PreparedResponse {
  readonly id: string;
  readonly script: ResponseScript;
  /** What a request that continues this response has to know. */
  readonly memory: RememberedResponse;
}

export type PrepareOutcome =
  | { readonly ok: true; readonly response: PreparedResponse }
  | { readonly ok: false; readonly refusal: ApiRefusal };

/** Looks up what a request continues and decides on its answer. */
export function prepareResponse(
  request: ResponsesRequest,
  find: (id: string) => RememberedResponse | null,
  { clock, newId }: LoopbackContext,
): PrepareOutcome {
  const { previousResponseId } = request;
  const previous = previousResponseId === null ? { items: [], bytes: 0 } : find(previousResponseId);
  if (previous === null) {
    const message = 'The response to continue is not, or no longer, known here.';
    const problem = invalidRequest('previous_response_not_found', message, 'previous_response_id');
    return { ok: false, refusal: { status: 400, problem } };
  }
  const items = [...previous.items, ...request.input];
  const plan = request.isGenerated ? planAnswer({ ...request, items }) : null;
  if (plan?.kind === 'refuse') return { ok: false, refusal: plan.refusal };
  const id = newId('resp');
  const bytes = previous.bytes + request.bytes;
  const identity = { id, createdAt: Math.floor(clock.now() / 1000), request };
  const script = responseScript({ identity, plan, inputBytes: bytes, newId });
  const memory = { items: [...items, ...(script.output as unknown as InputItem[])], bytes };
  return { ok: true, response: { id, script, memory } };
}

export interface StreamOptions {
  readonly context: LoopbackContext;
  readonly outlet: Outlet;
  readonly send: (event: NumberedEvent) => void;
  readonly onEnd: () => void;
}

/** A run that sends the events of a response, each at its time. */
export function streamResponse(
  { script }: PreparedResponse,
  { context, outlet, send, onEnd }: StreamOptions,
): PacedRun {
  const steps = script.events.map(({ atMs, event }, index) => ({
    atMs,
    run: () => send({ ...event, sequence_number: index }),
  }));
  return new PacedRun({ steps, clock: context.clock, outlet, onEnd });
}
