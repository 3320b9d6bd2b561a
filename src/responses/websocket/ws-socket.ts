import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import { errorMessage } from '../../util/errors.ts';
import type { FrameSocket, SocketFrame } from './socket.ts';

/** Frames that have arrived and were not taken, at which the peer is slowed down by TCP, and may go on. */
const QUEUE = { full: 256, free: 64 };

/** How long the peer may take to answer a close before the connection is dropped. */
const CLOSE_TIMEOUT_MS = 2_000;

/** A socket of the `ws` library, read by frames. */
export class WsSocket implements FrameSocket {
  readonly #socket: WebSocket;
  #arrived: SocketFrame[] = [];
  #end: SocketFrame | null = null;
  #waiting: ((frame: SocketFrame) => void) | null = null;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => this.#arrive(frameOf(data, isBinary)));
    socket.on('error', (error) => this.#finish({ type: 'failed', reason: errorMessage(error) }));
    // 1006 is no code that a peer sends: the connection was lost without a close frame.
    socket.on('close', (code) => this.#finish({ type: 'closed', withCloseFrame: code !== 1006 }));
  }

  get hasEnded(): boolean {
    return this.#end !== null || this.#socket.readyState !== WebSocket.OPEN;
  }

  send(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(text, (error) => (error ? reject(error) : resolve()));
    });
  }

  next(): Promise<SocketFrame> {
    const frame = this.takeArrived() ?? this.#end;
    if (frame !== null) return Promise.resolve(frame);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  takeArrived(): SocketFrame | null {
    const frame = this.#arrived.shift() ?? null;
    if (this.#arrived.length <= QUEUE.free && this.#socket.isPaused) this.#socket.resume();
    return frame;
  }

  drop(): void {
    this.#finish({ type: 'closed', withCloseFrame: false });
    this.#socket.terminate();
  }

  close(): void {
    this.#finish({ type: 'closed', withCloseFrame: false });
    if (this.#socket.readyState >= WebSocket.CLOSING) return;
    this.#socket.resume();
    this.#socket.close();
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT_MS);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  #arrive(frame: SocketFrame): void {
    if (this.#end !== null) return;
    if (this.#giveToWaiting(frame)) return;
    this.#arrived.push(frame);
    if (this.#arrived.length >= QUEUE.full) this.#socket.pause();
  }

  #finish(end: SocketFrame): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#giveToWaiting(end);
  }

  #giveToWaiting(frame: SocketFrame): boolean {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.(frame);
    return waiting !== null;
  }
}

function frameOf(data: RawData, isBinary: boolean): SocketFrame {
  return isBinary ? { type: 'binary' } : { type: 'text', text: (data as Buffer).toString('utf8') };
}
