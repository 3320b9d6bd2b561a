import type { LoopbackContext } from '../context.ts';
import type { EventSocket } from '../http/event-socket.ts';
import type { RealtimeSession } from './session.ts';
import { SessionV1 } from './v1/session.ts';
import { SessionV2 } from './v2/session.ts';

export interface RealtimeConnectionOptions {
  readonly version: 1 | 2;
  /** The model in the URL. Nothing depends on it; the session says it back. */
  readonly model: string;
}

/** How long a session may last, as in the API. */
export const LONGEST_SESSION_MS = 60 * 60 * 1000;

/** Runs a realtime session on a socket until one of the two ends. */
export function serveRealtime(
  socket: EventSocket,
  { version, model }: RealtimeConnectionOptions,
  context: LoopbackContext,
): void {
  const { clock, newId, onEvent } = context;
  const id = newId('sess');
  const expiresAt = clock.now() + LONGEST_SESSION_MS;
  const session: RealtimeSession =
    version === 1
      ? new SessionV1({ socket, context, id })
      : new SessionV2({ socket, context, id, model, expiresAt });
  const timer = clock.setTimeout(() => {
    session.expire();
    session.dispose();
    socket.close(1001, 'The session has reached its longest duration.');
  }, LONGEST_SESSION_MS);
  socket.listen({
    onText: (frame) => session.receiveText(frame),
    onBinary: () => session.receiveBinary(),
    onClose: (code) => {
      clock.clearTimeout(timer);
      session.dispose();
      onEvent({ name: 'realtime_closed', session: id, code });
    },
  });
  onEvent({ name: 'realtime_opened', session: id, version });
  session.start();
}
