import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import { errorMessage } from '../../util/errors.ts';
import type { LoopbackContext } from '../context.ts';
import type { Outlet } from '../outlet.ts';

/** How much may be unsent, and how long a client may leave it so. */
export interface EventSocketLimits {
  readonly fullBytes: number;
  readonly freeBytes: number;
  readonly stallMs: number;
}

export const EVENT_SOCKET_LIMITS: EventSocketLimits = {
  fullBytes: 8 * 1024 * 1024,
  freeBytes: 2 * 1024 * 1024,
  stallMs: 30_000,
};

/** How long a client may take to answer a close before its connection is dropped. */
const CLOSE_TIMEOUT_MS = 1_000;

export interface EventSocketListener {
  onText(frame: string): void;
  onBinary(): void;
  /** Called once; nothing follows. */
  onClose(code: number): void;
}

/**
 * A WebSocket that carries JSON events. While a client does not read what it is sent, the socket is congested: its own
 * messages are left unread, and when it stays so for too long the socket is closed with code 1013.
 */
export class EventSocket implements Outlet {
  readonly #socket: WebSocket;
  readonly #context: LoopbackContext;
  readonly #limits: EventSocketLimits;
  #isCongested = false;
  #stallTimer: unknown;
  #closeTimer: unknown;
  #waiting: (() => void)[] = [];

  constructor(socket: WebSocket, context: LoopbackContext, limits: EventSocketLimits = EVENT_SOCKET_LIMITS) {
    this.#socket = socket;
    this.#context = context;
    this.#limits = limits;
    socket.on('error', (error) => {
      context.onEvent({ name: 'socket_error', message: errorMessage(error) });
    });
  }

  listen(listener: EventSocketListener): void {
    this.#socket.on('message', (data: RawData, isBinary: boolean) => {
      if (!this.isOpen) return;
      if (isBinary) listener.onBinary();
      else listener.onText((data as Buffer).toString('utf8'));
    });
    this.#socket.once('close', (code) => {
      this.#context.clock.clearTimeout(this.#stallTimer);
      this.#context.clock.clearTimeout(this.#closeTimer);
      this.#waiting = [];
      listener.onClose(code);
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  get isCongested(): boolean {
    return this.#isCongested;
  }

  onceFree(callback: () => void): void {
    this.#waiting.push(callback);
  }

  /** Sends an event as a text frame; after the socket has ended it does nothing. */
  send(event: object): void {
    if (!this.isOpen) return;
    this.#socket.send(JSON.stringify(event), this.#onWritten);
    if (!this.#isCongested && this.#socket.bufferedAmount >= this.#limits.fullBytes) this.#block();
  }

  /** Closes after what was sent, and drops the connection when the client does not answer. Idempotent. */
  close(code: number, reason: string): void {
    if (this.#socket.readyState >= WebSocket.CLOSING) return;
    this.#socket.resume();
    this.#socket.close(code, reason);
    this.#closeTimer = this.#context.clock.setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT_MS);
  }

  #block(): void {
    this.#isCongested = true;
    this.#socket.pause();
    this.#stallTimer = this.#context.clock.setTimeout(() => {
      this.#context.onEvent({ name: 'socket_stalled', unsentBytes: this.#socket.bufferedAmount });
      this.close(1013, 'The client does not read what it is sent.');
    }, this.#limits.stallMs);
  }

  /** A failed write needs no care here: the socket's close follows. */
  readonly #onWritten = (): void => {
    if (!this.#isCongested || !this.isOpen || this.#socket.bufferedAmount > this.#limits.freeBytes) return;
    this.#isCongested = false;
    this.#context.clock.clearTimeout(this.#stallTimer);
    this.#socket.resume();
    for (const callback of this.#waiting.splice(0)) callback();
  };
}
