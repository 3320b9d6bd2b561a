import type { Agent, IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { ClientOptions, RawData } from 'ws';
import { errorMessage } from '../util/errors.ts';
import type { Headers } from './headers.ts';

const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Unsent bytes at which a sender has to wait, and at which it may go on. */
const SEND_BUFFER = { full: 1024 * 1024, free: 256 * 1024 };

/** `closeTimeout` is how long the peer may take to finish a close, whoever began it, before the connection is dropped. */
const SOCKET_OPTIONS: ClientOptions & { closeTimeout: number } = {
  perMessageDeflate: false,
  maxPayload: MAX_MESSAGE_BYTES,
  followRedirects: false,
  closeTimeout: 2_000,
};

/** How much of a refused handshake's body is read for the error message, in bytes. */
const REFUSAL_BODY_BYTES = 1_000;

/** How a socket ended: the peer closed it, or reading or writing failed. */
export type SocketEnd = { kind: 'closed'; code: number } | { kind: 'failed'; message: string };

export interface DialOptions {
  readonly url: string;
  readonly headers: Headers;
  readonly connectTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Makes the connection where the ordinary one will not do: other trust, or a proxy. */
  readonly agent?: Agent | undefined;
}

export interface SocketListener {
  /** A text frame, in the order of arrival. */
  onText(frame: string): void;
  /** Called once, after the last frame. */
  onEnd(end: SocketEnd): void;
}

/**
 * A connected socket. Frames that arrive before `listen` are kept, because the socket is not read until then. After
 * `close` no listener is called.
 */
export interface RealtimeSocket {
  listen(listener: SocketListener): void;
  /** Stops reading, so that the peer is slowed down by TCP. */
  pause(): void;
  resume(): void;
  /** Hands a text frame to the socket. A frame that cannot be written is dropped; the end of the socket follows. */
  send(frame: string): void;
  /** True while so much is unsent that a sender should wait for `writable`. */
  readonly isFull: boolean;
  /** Resolves when there is room again, or the socket has ended. */
  writable(): Promise<void>;
  readonly hasEnded: boolean;
  /** Closes after what was sent. Drops the connection when the peer does not answer in time. Idempotent. */
  close(): void;
}

/** Why a socket could not be opened: the message tells host, status and what the peer said. */
export class DialError extends Error {
  /** The HTTP status of a refused handshake; null where there was none. */
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.name = 'DialError';
    this.status = status;
  }
}

/** Opens a realtime socket. Rejects with a `DialError`. */
export type Dial = (options: DialOptions) => Promise<RealtimeSocket>;

export class WebSocketConnection implements RealtimeSocket {
  readonly #socket: WebSocket;
  #listener: SocketListener | null = null;
  #end: SocketEnd | null = null;
  #waiting: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.pause();
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('error', (error) => this.#finish({ kind: 'failed', message: errorMessage(error) }));
    socket.on('close', (code) => this.#finish(socketEnd(code)));
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
    if (this.#end === null) this.#socket.resume();
    else listener.onEnd(this.#end);
  }

  pause(): void {
    if (this.#end === null) this.#socket.pause();
  }

  resume(): void {
    if (this.#end === null) this.#socket.resume();
  }

  send(frame: string): void {
    if (this.#end !== null || this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(frame, this.#onWritten);
  }

  get isFull(): boolean {
    return this.#end === null && this.#socket.bufferedAmount >= SEND_BUFFER.full;
  }

  writable(): Promise<void> {
    if (!this.isFull) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  get hasEnded(): boolean {
    return this.#end !== null;
  }

  close(): void {
    this.#listener = null;
    this.#finish({ kind: 'closed', code: 1000 });
    if (this.#socket.readyState >= WebSocket.CLOSING) return;
    this.#socket.resume();
    this.#socket.close();
  }

  /** A failed write is no reason to end: the `close` that follows tells whether the peer had closed before. */
  readonly #onWritten = (): void => {
    if (this.#waiting.length > 0 && this.#socket.bufferedAmount <= SEND_BUFFER.free) this.#wakeSenders();
  };

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#end !== null) return;
    if (!isBinary) return this.#listener?.onText((data as Buffer).toString('utf8'));
    this.#socket.close(1003);
    this.#finish({ kind: 'failed', message: 'the realtime service sent an unexpected binary frame' });
  }

  #finish(end: SocketEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#wakeSenders();
    this.#listener?.onEnd(end);
  }

  #wakeSenders(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** 1006 is no code that a peer sends: the connection was lost without a close frame. */
function socketEnd(code: number): SocketEnd {
  if (code !== 1006) return { kind: 'closed', code };
  return { kind: 'failed', message: 'the connection to the realtime service was lost' };
}

export const dial: Dial = ({ agent, url, headers, connectTimeoutMs, signal }) =>
  new Promise((resolve, reject) => {
    const place = placeOf(url);
    const socket = new WebSocket(url, { ...SOCKET_OPTIONS, headers, ...(agent && { agent }) });
    const fail = (reason: string, status: number | null = null): void => {
      settle();
      socket.on('error', () => {});
      socket.terminate();
      reject(new DialError(`could not connect to the realtime service at ${place}: ${reason}`, status));
    };
    const onAbort = (): void => fail('the connection attempt was cancelled');
    const timer = setTimeout(() => fail(`no answer within ${connectTimeoutMs} ms`), connectTimeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', (error) => fail(errorMessage(error)));
    socket.once('unexpected-response', (_request, response) => {
      void refusal(response).then((reason) => fail(reason, response.statusCode ?? null));
    });
    socket.once('open', () => {
      settle();
      resolve(new WebSocketConnection(socket));
    });
    if (signal.aborted) onAbort();
  });

/** The address without credentials and query, which may hold secrets. */
function placeOf(url: string): string {
  const { host, pathname, protocol } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

const REQUEST_ID_HEADERS = ['x-request-id', 'cf-ray'];

/** Says what a refused handshake was answered with. Bounded by the connect timeout of the caller. */
async function refusal(response: IncomingMessage): Promise<string> {
  const ids = REQUEST_ID_HEADERS.flatMap((name) => {
    const value = response.headers[name];
    return typeof value === 'string' ? [`${name} ${value}`] : [];
  });
  const status = [`HTTP status ${response.statusCode ?? 0}`, ...ids].join(', ');
  const detail = bodyMessage(await readBody(response));
  return detail === '' ? status : `${status}: ${detail}`;
}

function readBody(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let body = Buffer.alloc(0);
    const done = (): void => resolve(body.subarray(0, REFUSAL_BODY_BYTES).toString('utf8'));
    response.on('data', (chunk: Buffer) => {
      body = Buffer.concat([body, chunk]);
      if (body.length >= REFUSAL_BODY_BYTES) done();
    });
    response.once('end', done).once('close', done).once('error', done);
  });
}

function bodyMessage(body: string): string {
  try {
    const message = (JSON.parse(body) as { error?: { message?: unknown } } | null)?.error?.message;
    if (typeof message === 'string') return message;
  } catch {
    // Not every proxy answers in JSON; its words are as good.
  }
  return body.trim();
}
