import { parseThreadId } from '../core/index.ts';
import type { Core } from '../core/index.ts';
import { decodeParams, experimentalReason, findMethod, unknownMethodReason } from '../protocol/index.ts';
import type { MethodName, MethodRow } from '../protocol/index.ts';
import { RpcError } from '../rpc/index.ts';
import type { Asking } from './asking.ts';
import type { ClientConnection } from './client-connection.ts';
import type { DelayedNotices } from './delayed-notices.ts';
import { refusal, wireError } from './errors.ts';
import { Accepted } from './handlers/handler.ts';
import type { HandlerContext } from './handlers/handler.ts';
import { handlers } from './handlers/index.ts';
import type { Lanes } from './lanes.ts';

export interface DispatchContext {
  readonly core: Core;
  readonly lanes: Lanes;
  readonly asking: Asking;
  readonly notices: DelayedNotices;
  readonly connection: ClientConnection;
  readonly signal: AbortSignal;
  readonly afterAnswer: (callback: () => void) => void;
}

/** Takes a request from its envelope to its answer. The order of the checks is part of the protocol. */
export async function dispatch(method: string, params: unknown, context: DispatchContext): Promise<unknown> {
  const row = findMethod(method);
  if (row === undefined)
    throw refusal('unknownMethod', `Invalid request: ${unknownMethodReason(method)}`, { method });
  const decoded = decodeParams(row, params);
  if (!decoded.ok) {
    const { reason, path } = decoded;
    throw refusal('invalidParams', `Invalid request: ${reason}`, { path });
  }
  const { connection } = context;
  if (row.method !== 'initialize') {
    if (!connection.isInitialized) throw refusal('notInitialized', 'Not initialized');
    const experimental = experimentalReason(row, decoded.value);
    if (experimental !== null && !connection.hasExperimentalApi) {
      throw refusal('experimentalApiRequired', `${experimental} requires experimentalApi capability`, {
        feature: experimental,
      });
    }
  }
  try {
    return await handle(row, decoded.value, context);
  } catch (error) {
    throw wireError(error);
  }
}

async function handle(row: MethodRow, params: unknown, context: DispatchContext): Promise<unknown> {
  const { lanes, notices, signal, afterAnswer } = context;
  const handler = handlers[row.method as MethodName] as (params: unknown, context: HandlerContext) => unknown;
  const told: Promise<void>[] = [];
  const handlerContext: HandlerContext = {
    ...context,
    longAfterAnswer: (delayMs, callback) => afterAnswer(() => told.push(notices.tell(delayMs, callback))),
  };
  const lane = laneOf(row, params);
  if (lane === null) return unwrap(handler(params, handlerContext));
  const turn = lanes.enter(lane);
  if (turn !== null) await turn;
  let isAccepted = false;
  try {
    if (signal.aborted) throw new RpcError(0, 'the connection closed before the request was started');
    const outcome = handler(params, handlerContext);
    isAccepted = outcome instanceof Accepted;
    if (isAccepted) lanes.leave(lane);
    return await unwrap(outcome);
  } finally {
    if (!isAccepted) afterAnswer(() => void allOf(told, () => lanes.leave(lane)));
  }
}

/** Calls back at once where there is nothing to wait for. */
async function allOf(waiting: readonly Promise<void>[], callback: () => void): Promise<void> {
  if (waiting.length > 0) await Promise.all(waiting);
  callback();
}

function unwrap(outcome: unknown): unknown {
  return outcome instanceof Accepted ? outcome.answer : outcome;
}

function laneOf(row: MethodRow, params: unknown): string | null {
  if (row.scope === 'none') return null;
  if (row.scope !== 'thread') return row.scope;
  const { threadId } = params as { threadId?: string | null };
  return threadId == null ? null : `thread ${threadKey(threadId)}`;
}

/** However a client spells the id of a thread, it is one thread; what is no id gets its answer from the handler. */
function threadKey(threadId: string): string {
  try {
    return parseThreadId(threadId);
  } catch {
    return threadId;
  }
}
