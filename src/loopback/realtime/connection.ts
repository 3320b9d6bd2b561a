import type { LoopbackContext } from '../context.ts';
import type { EventSocket } from '../http/event-socket.ts';
import { LONGEST_SESSION_MS, newSession } from './new-session.ts';
import type { SessionRequest } from './new-session.ts';

/** Runs a realtime session on a socket until one of the two ends. */
export function serveRealtime(socket: EventSocket, request: SessionRequest, context: LoopbackContext): void {
  const { clock, newId, onEvent } = context;
  const id = newId('sess');
  const expiresAt = clock.now() + LONGEST_SESSION_MS;
  const session = newSession(request, { outlet: socket, context, id, expiresAt, voice: null });
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
  onEvent({ name: 'realtime_opened', session: id, version: request.version });
  session.greet((event) => socket.send(event));
}
