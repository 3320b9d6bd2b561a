import type { ParamsInputOf } from '../protocol/index.ts';
import type { Client } from './client.ts';
import { RealtimeCall } from './realtime-call.ts';
import { RealtimeCallError } from './realtime-call-events.ts';
import type { RealtimeCallEvents } from './realtime-call-events.ts';

const DEFAULT_START_TIMEOUT_MS = 30_000;

export interface RealtimeCallOptions {
  /** What is asked for. The transport is left out: a call of this kind sends its audio through the daemon. */
  readonly start: Omit<ParamsInputOf<'thread/realtime/start'>, 'transport'>;
  /** Set from the start, so that nothing can be missed. */
  readonly events?: RealtimeCallEvents;
  /** Milliseconds until the session must be up. */
  readonly startTimeoutMs?: number;
  /** Gives up while starting; it has no effect on the call that was made. */
  readonly signal?: AbortSignal;
}

/**
 * Starts a realtime session on a thread. Resolves when it is up. Rejects with `RealtimeCallError` when the daemon
 * reports an error, the time is over or the signal aborts, and as `client.request` does when the request itself fails.
 * The client must have been connected with the experimental capability.
 */
export async function startRealtimeCall(client: Client, options: RealtimeCallOptions): Promise<RealtimeCall> {
  const { start, signal, startTimeoutMs = DEFAULT_START_TIMEOUT_MS } = options;
  if (signal?.aborted) throw abortedError();
  const call = new RealtimeCall(client, start.threadId, options.events ?? {});
  const timer = setTimeout(() => {
    call.fail(new RealtimeCallError('failed', `the call was not up after ${startTimeoutMs} ms`));
  }, startTimeoutMs);
  const onAbort = (): void => call.fail(abortedError());
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    client.request('thread/realtime/start', start).catch((error: unknown) => call.fail(error));
    await call.started;
    return call;
  } catch (error) {
    // A session may still be connecting. Whether it could be stopped does not change the failure that is reported.
    await call.stop().catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function abortedError(): RealtimeCallError {
  return new RealtimeCallError('aborted', 'the start of the call was aborted');
}
