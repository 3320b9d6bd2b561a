import { createCall, joinCall, withCallId } from '../../realtime/index.ts';
import type { Dial, RealtimeSocket, SendHttp } from '../../realtime/index.ts';
import type { StartPlan } from './start-plan.ts';

export interface ConnectParts {
  readonly dial: Dial;
  readonly http: SendHttp;
  readonly random: () => number;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** A session that can be announced, and the socket that carries its events, as soon as it is there. */
export interface Connected {
  /** The answer to a client's offer; null where there was none. */
  readonly sdp: string | null;
  readonly socket: Promise<RealtimeSocket>;
}

/**
 * Makes a session as it was planned. Resolves when the service has taken it on: with the socket where that is all there is,
 * and where media travel on their own as soon as these can flow, while the socket is still joining the call. Rejects with an
 * `Error` that names the step that failed.
 */
export async function connect(plan: StartPlan, parts: ConnectParts): Promise<Connected> {
  const { connectTimeoutMs, transport } = plan;
  const { dial, signal } = parts;
  if (transport.type === 'websocket') {
    const { headers, url } = transport;
    const socket = await dial({ url, headers, connectTimeoutMs, signal });
    return { sdp: null, socket: Promise.resolve(socket) };
  }
  const { sideband } = transport;
  const join = (callId: string): Promise<RealtimeSocket> =>
    joinCall({ ...parts, ...sideband, url: withCallId(sideband.url, callId), connectTimeoutMs });
  if (transport.type === 'existingCall') {
    return { sdp: null, socket: Promise.resolve(await join(transport.callId)) };
  }
  const { callId, sdp } = await createCall({
    ...transport.call,
    send: parts.http,
    maxRetries: sideband.maxRetries,
    timeoutMs: connectTimeoutMs,
    random: parts.random,
    signal,
  });
  return { sdp, socket: join(callId) };
}
