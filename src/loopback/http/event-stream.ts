import type { ServerResponse } from 'node:http';
import type { LoopbackContext } from '../context.ts';
import type { Outlet } from '../outlet.ts';

/** How long a client may leave what it was sent unread. */
const STALL_MS = 30_000;

/** A response body of server-sent events. A client that does not read for too long is dropped. */
export class EventStream implements Outlet {
  readonly #response: ServerResponse;
  readonly #context: LoopbackContext;
  #stallTimer: unknown;

  constructor(response: ServerResponse, context: LoopbackContext) {
    this.#response = response;
    this.#context = context;
    response.on('drain', this.#stopWatching);
    response.once('close', this.#stopWatching);
  }

  open(): void {
    const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
    this.#response.writeHead(200, headers);
    this.#response.flushHeaders();
  }

  get isCongested(): boolean {
    return this.#response.writableNeedDrain;
  }

  onceFree(callback: () => void): void {
    this.#response.once('drain', callback);
  }

  /** Sends an event; after the client has gone it does nothing. */
  send(event: { readonly type: string }): void {
    if (!this.#response.writable) return;
    const hasRoom = this.#response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    if (!hasRoom) this.#watch();
  }

  end(): void {
    this.#response.end();
  }

  #watch(): void {
    this.#stopWatching();
    this.#stallTimer = this.#context.clock.setTimeout(() => {
      this.#context.onEvent({ name: 'stream_stalled', unsentBytes: this.#response.writableLength });
      this.#response.destroy();
    }, STALL_MS);
  }

  readonly #stopWatching = (): void => {
    this.#context.clock.clearTimeout(this.#stallTimer);
  };
}
