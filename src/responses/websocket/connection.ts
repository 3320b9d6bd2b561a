import { errorMessage } from '../../util/errors.ts';
import { withDeadline } from '../clock.ts';
import { streamError } from '../error/responses-error.ts';
import type { ResponsesError } from '../error/responses-error.ts';
import { EventDecoder } from '../event/decoder.ts';
import type { ResponseEvent, StreamSignal } from '../event/event.ts';
import { eventsOfHandshake } from '../event/header-events.ts';
import { rateLimitsOfEvent } from '../event/rate-limit-event.ts';
import type { ResponseHeaders } from '../http/transport.ts';
import type { ResponseItem } from '../item/item.ts';
import { parseObject } from '../json.ts';
import type { Upstream } from '../upstream.ts';
import { errorOfFrame } from './error-frame.ts';
import { createFrame } from './frame.ts';
import type { SocketCall } from './frame.ts';
import { ConnectionMemory } from './incremental.ts';
import type { FrameSocket, SocketFrame } from './socket.ts';

export interface ConnectionOptions {
  readonly upstream: Upstream;
  readonly socket: FrameSocket;
  /** The headers that the handshake was answered with. */
  readonly headers: ResponseHeaders;
  readonly url: string;
}

/** A WebSocket that answers one request after the other. After an error it must not be used again. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #memory = new ConnectionMemory();
  /** What the handshake told; it holds for every request. */
  readonly #openingEvents: readonly ResponseEvent[];
  /** What came between two requests. */
  #betweenEvents: ResponseEvent[] = [];

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#openingEvents = eventsOfHandshake(options.headers);
  }

  /** Looks at what came since the last request, and says whether there can be another one. */
  isUsable(): boolean {
    const { socket } = this.#options;
    if (socket.hasEnded) return false;
    for (let frame = socket.takeArrived(); frame !== null; frame = socket.takeArrived()) {
      if (frame.type !== 'text') return false;
      const event = parseObject(frame.text);
      if (event?.['type'] === 'error') return false;
      const rateLimits = event?.['type'] === 'codex.rate_limits' ? rateLimitsOfEvent(event) : null;
      if (rateLimits !== null) this.#betweenEvents = [{ type: 'rateLimits', rateLimits }];
    }
    return true;
  }

  /** Sends a request and yields what the response tells, up to `completed`. */
  async *request(call: SocketCall): AsyncGenerator<ResponseEvent, void> {
    const { clock, provider } = this.#options.upstream.options;
    const { signal } = call;
    const milliseconds = provider.streamIdleTimeoutMs;
    const expired = (): Error => streamError('idle timeout waiting for websocket');
    await withDeadline(this.#send(call), { clock, milliseconds, signal, expired });
    for (const event of this.#openingEvents) yield event;
    for (const event of this.#betweenEvents.splice(0)) yield event;

    const decoder = new EventDecoder();
    const items: ResponseItem[] = [];
    let told: ResponsesError | null = null;
    for (;;) {
      const next = this.#options.socket.next();
      const frame = await withDeadline(next, { clock, milliseconds, signal, expired });
      for (const decoded of this.#decode(frame, decoder, told)) {
        if (decoded.type === 'failed') throw decoded.error;
        if (decoded.type === 'errorTold') {
          told = decoded.error;
          continue;
        }
        if (decoded.type === 'itemDone' && decoded.item.type !== 'other') items.push(decoded.item);
        if (decoded.type === 'completed') this.#memory.keepResponse(decoded.responseId, items);
        yield decoded;
        if (decoded.type === 'completed') return;
      }
    }
  }

  drop(): void {
    this.#options.socket.drop();
  }

  close(): void {
    this.#options.socket.close();
  }

  async #send(call: SocketCall): Promise<void> {
    const frame = createFrame(call, this.#memory, this.#options.upstream.options);
    try {
      await this.#options.socket.send(frame);
    } catch (error) {
      throw streamError(`failed to send websocket request: ${errorMessage(error)}`, { cause: error });
    }
  }

  /** Throws where the frame ends the response; what the server told before explains an end without a reason. */
  #decode(frame: SocketFrame, decoder: EventDecoder, told: ResponsesError | null): StreamSignal[] {
    switch (frame.type) {
      case 'text':
        return this.#decodeText(frame.text, decoder);
      case 'binary':
        throw streamError('unexpected binary websocket event');
      case 'failed':
        throw streamError(frame.reason);
      case 'closed': {
        if (told !== null) throw told;
        const isOrderly = frame.withCloseFrame;
        throw streamError(
          isOrderly
            ? 'websocket closed by server before response.completed'
            : 'stream closed before response.completed',
        );
      }
    }
  }

  #decodeText(text: string, decoder: EventDecoder): StreamSignal[] {
    const { upstream, url } = this.#options;
    const { clock, logger } = upstream.options;
    const event = parseObject(text);
    if (event === null) {
      logger.debug({ length: text.length }, 'skipped a frame that is no JSON object');
      return [];
    }
    const error = errorOfFrame({ event, text, url }, clock.now());
    if (error !== null) throw error;
    return decoder.decode(event);
  }
}
