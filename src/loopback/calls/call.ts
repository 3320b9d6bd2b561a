import { randomInt } from 'node:crypto';
import type { LoopbackContext } from '../context.ts';
import type { EventSocket } from '../http/event-socket.ts';
import { LONGEST_SESSION_MS, newSession } from '../realtime/new-session.ts';
import type { SessionRequest } from '../realtime/new-session.ts';
import type { RealtimeSession } from '../realtime/session.ts';
import { g711Codec } from './g711.ts';
import type { G711Law } from './g711.ts';
import { LineIn } from './line-in.ts';
import { LineOut } from './line-out.ts';
import type { MediaPeer } from './media-peer.ts';

export interface CallOptions {
  readonly id: string;
  readonly request: SessionRequest;
  readonly peer: MediaPeer;
  readonly law: G711Law;
  readonly context: LoopbackContext;
  /** Called once, when the call is over and nothing of it goes on but the closing of its connection. */
  readonly onEnd: (peerClosed: Promise<void>) => void;
}

export type CallEnd = 'hangup' | 'peer_gone' | 'never_connected' | 'expired' | 'shutdown';

/** How long media may take to connect. */
export const CONNECT_TIMEOUT_MS = 30_000;

const MOST_OBSERVERS = 16;

/** A call: a session whose audio goes over WebRTC, and whose events go to the caller's channel and to every observer. */
export class Call {
  readonly id: string;
  readonly version: 1 | 2;
  readonly #options: CallOptions;
  readonly #session: RealtimeSession;
  readonly #lineIn: LineIn;
  readonly #lineOut: LineOut;
  readonly #observers = new Set<EventSocket>();
  readonly #expiryTimer: unknown;
  #connectTimer: unknown;
  #isOver = false;

  constructor(options: CallOptions) {
    const { id, request, peer, law, context } = options;
    const { clock, newId, onEvent } = context;
    this.id = id;
    this.version = request.version;
    this.#options = options;
    const codec = g711Codec(law);
    this.#lineOut = new LineOut({
      clock,
      codec,
      firstSequence: randomInt(2 ** 16),
      firstTimestamp: randomInt(2 ** 32),
      send: (frame) => peer.sendAudio(frame),
    });
    // An event is small here, for it carries no audio; who does not take it is dropped, and nobody waits.
    const outlet = { isCongested: false, onceFree: () => {}, send: (event: object) => this.#send(event) };
    this.#session = newSession(request, {
      outlet,
      context,
      id: newId('sess'),
      expiresAt: clock.now() + LONGEST_SESSION_MS,
      voice: this.#lineOut,
    });
    const onAudio = (samples: Uint8Array): void => this.#session.receiveAudio(samples);
    this.#lineIn = new LineIn({ clock, codec, onAudio });
    this.#expiryTimer = clock.setTimeout(() => {
      this.#session.expire();
      this.end('expired');
    }, LONGEST_SESSION_MS);
    this.#connectTimer = clock.setTimeout(() => this.end('never_connected'), CONNECT_TIMEOUT_MS);
    peer.listen({
      onConnected: () => this.#connected(),
      onAudio: (packet) => this.#lineIn.receive(packet),
      onChannelOpen: () => this.#session.greet((event) => this.#sendToCaller(JSON.stringify(event))),
      onText: (frame) => this.#session.receiveText(frame),
      onBinary: () => this.#session.receiveBinary(),
      onGone: () => this.end('peer_gone'),
    });
    onEvent({ name: 'call_opened', call: id, version: request.version, law });
  }

  /** True when no more observers can join. */
  get isFull(): boolean {
    return this.#observers.size >= MOST_OBSERVERS;
  }

  /** Lets a WebSocket see every event and send any. When it goes, the call goes on. */
  join(socket: EventSocket): void {
    const { onEvent } = this.#options.context;
    if (this.#isOver) return socket.close(1000, 'The call is over.');
    socket.listen({
      onText: (frame) => this.#session.receiveText(frame),
      onBinary: () => this.#session.receiveBinary(),
      onClose: (code) => {
        this.#observers.delete(socket);
        onEvent({ name: 'call_left', call: this.id, code });
      },
    });
    this.#observers.add(socket);
    onEvent({ name: 'call_joined', call: this.id, observers: this.#observers.size });
    this.#session.greet((event) => socket.send(event));
  }

  /** Ends the call. Its observers are told by a close: 1000, or 1001 when the server ends it. Idempotent. */
  end(reason: CallEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { peer, context, onEnd } = this.#options;
    context.clock.clearTimeout(this.#expiryTimer);
    context.clock.clearTimeout(this.#connectTimer);
    this.#session.dispose();
    this.#lineIn.dispose();
    this.#lineOut.stop();
    const code = reason === 'expired' || reason === 'shutdown' ? 1001 : 1000;
    for (const observer of this.#observers) observer.close(code, END_REASONS[reason]);
    context.onEvent({ name: 'call_ended', call: this.id, reason });
    onEnd(peer.close());
  }

  #connected(): void {
    const { clock, onEvent } = this.#options.context;
    if (this.#connectTimer === undefined || this.#isOver) return;
    clock.clearTimeout(this.#connectTimer);
    this.#connectTimer = undefined;
    onEvent({ name: 'call_connected', call: this.id });
    this.#lineOut.start();
  }

  #send(event: object): void {
    if (this.#isOver) return;
    this.#sendToCaller(JSON.stringify(event));
    for (const observer of this.#observers) {
      if (observer.isCongested) observer.close(1013, 'The client does not read what it is sent.');
      else observer.send(event);
    }
  }

  #sendToCaller(text: string): void {
    const { id, peer, context } = this.#options;
    if (!peer.sendText(text)) context.onEvent({ name: 'event_not_sent', call: id, characters: text.length });
  }
}

const END_REASONS: Record<CallEnd, string> = {
  hangup: 'The call was hung up.',
  peer_gone: 'The caller has gone.',
  never_connected: 'The media of the call never connected.',
  expired: 'The session has reached its longest duration.',
  shutdown: 'The loopback server is shutting down.',
};
