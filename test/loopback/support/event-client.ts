import { once } from 'node:events';
import { WebSocket } from 'ws';
import { base64 } from './audio.ts';

/** An event as it came over the wire. */
export type WireEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** A client of a WebSocket that carries JSON events. */
export class EventClient {
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  #received: WireEvent[] = [];
  #arrived: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      this.#received.push(JSON.parse((data as Buffer).toString('utf8')) as WireEvent);
      this.#arrived();
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }));
    });
  }

  static async connect(
    baseUrl: string,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<EventClient> {
    const socket = new WebSocket(`${baseUrl.replace('http', 'ws')}${path}`, {
      headers,
      perMessageDeflate: false,
    });
    const client = new EventClient(socket);
    await once(socket, 'open');
    return client;
  }

  send(event: object): void {
    this.socket.send(JSON.stringify(event));
  }

  sendText(frame: string): void {
    this.socket.send(frame);
  }

  append(samples: Uint8Array): void {
    this.send({ type: 'input_audio_buffer.append', audio: base64(samples) });
  }

  /**
   * Waits until the server has handled everything sent so far, and takes what it sent back. Frames are handled in order,
   * so the answer to a ping comes after all of that.
   */
  async settled(): Promise<WireEvent[]> {
    const pong = once(this.socket, 'pong');
    this.socket.ping();
    await pong;
    return this.#take(this.#received.length);
  }

  /** Waits for an event of a type, and takes all events up to it. */
  async until(type: string): Promise<WireEvent[]> {
    for (;;) {
      const index = this.#received.findIndex((event) => event.type === type);
      if (index !== -1) return this.#take(index + 1);
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  #take(count: number): WireEvent[] {
    return this.#received.splice(0, count).map(withoutEventId);
  }
}

/** Ids of events are only there to be unique; a test of their own sees to that. */
function withoutEventId(event: WireEvent): WireEvent {
  const { event_id: _, ...rest } = event;
  return rest;
}

export function typesOf(events: readonly WireEvent[]): string[] {
  return events.map(({ type }) => type);
}

/** The deltas of one type, joined. */
export function joinedDeltas(events: readonly WireEvent[], type: string): string {
  return events
    .filter((event) => event.type === type)
    .map((event) => String(event['delta']))
    .join('');
}

/** The audio in the deltas of one type, joined. */
export function joinedAudio(events: readonly WireEvent[], type = 'response.output_audio.delta'): Buffer {
  const deltas = events.filter((event) => event.type === type);
  return Buffer.concat(deltas.map((event) => Buffer.from(String(event['delta']), 'base64')));
}
