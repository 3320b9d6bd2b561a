import { parseThreadId } from '../core/index.ts';
import type { Core } from '../core/index.ts';
import { decodeParams, experimentalReason, findMethod, unknownMethodReason } from '../protocol/index.ts';
import type { MethodName, MethodRow } from '../protocol/index.ts';
import { RpcError } from '../rpc/index.ts';
import type { Asking } from './asking.ts';
import type { ClientConnection } from './client-connection.ts';
import { refusal, wireError } from './errors.ts';
import { Accepted } from './handlers/handler.ts';
import type { HandlerContext } from './handlers/handler.ts';
import { handlers } from './handlers/index.ts';
import type { Lanes } from './lanes.ts';

export interface DispatchContext {
  readonly core: Core;
  readonly lanes: Lanes;
  readonly asking: Asking;
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
  const { lanes, signal, afterAnswer } = context;
  const handler = handlers[row.method as MethodName] as (params: unknown, context: HandlerContext) => unknown;
  const lane = laneOf(row, params);
  if (lane === null) return unwrap(handler(params, context));
  const turn = lanes.enter(lane);
  if (turn !== null) await turn;
  let isAccepted = false;
  try {
    if (signal.aborted) throw new RpcError(0, 'the connection closed before the request was started');
    const outcome = handler(params, context);
    isAccepted = outcome instanceof Accepted;
    if (isAccepted) lanes.leave(lane);
    return await unwrap(outcome);
  } finally {
    if (!isAccepted) afterAnswer(() => lanes.leave(lane));
  }
}

function unwrap(outcome: unknown): unknown {
  return outcome instanceof Accepted ? outcome.answer : outcome;
}

function laneOf(row: MethodRow, params: unknown): string | null {
  if (row.scope === 'none') return null;
  return row.scope === 'thread'
    ? `thread ${threadKey((params as { threadId: string }).threadId)}`
    : row.scope;
}

/** However a client spells the id of a thread, it is one thread; what is no id gets its answer from the handler. */
function threadKey(threadId: string): string {
  try {
    return parseThreadId(threadId);
  } catch {
    return threadId;
  }
}
