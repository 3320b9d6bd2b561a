import { once } from 'node:events';
import { WebSocket } from 'ws';
import { base64 } from './audio.ts';
import { EventInbox } from './event-inbox.ts';
import type { WireEvent } from './event-inbox.ts';

export type { WireEvent } from './event-inbox.ts';

/** A client of a WebSocket that carries JSON events. */
export class EventClient {
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #inbox = new EventInbox();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      this.#inbox.add((data as Buffer).toString('utf8'));
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
    return this.#inbox.takeAll();
  }

  /** Waits for an event of a type, and takes all events up to it. */
  until(type: string): Promise<WireEvent[]> {
    return this.#inbox.until(type);
  }
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
