import { RpcError } from '../../rpc/errors.ts';
import { deferred } from '../../util/deferred.ts';
import { errorMessage } from '../../util/errors.ts';
import { BrowserClientError } from './errors.ts';

/** Requests that may wait for their answers; more are refused. */
const MAX_WAITING = 1_024;

/** How long the peer may take to answer a close, in milliseconds, before the connection counts as over. */
const CLOSE_TIMEOUT_MS = 2_000;

const METHOD_NOT_FOUND = -32601;
const INTERNAL_ERROR = -32603;

/** The close code of a peer that broke the protocol. Codes below 3000 cannot be sent by a page. */
const BAD_MESSAGE = 4002;

export interface RequestWait {
  /** Ends the wait for the answer; the daemon is not told. */
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for the answer. */
  readonly timeoutMs?: number;
}

export interface RpcSocketEnd {
  readonly reason: string;
}

/**
 * Answers a request of the daemon. The signal aborts when no answer is needed any more, be it that the request was
 * withdrawn or that the connection is over; nothing is sent then.
 */
export type ServerRequestHandler = (params: unknown, signal: AbortSignal) => unknown;

type NotificationListener = (method: string, params: unknown) => void;

interface Waiting {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A JSON-RPC connection over a WebSocket, one message in each text frame. Requests go both ways. */
export class RpcSocket {
  readonly closed: Promise<RpcSocketEnd>;
  readonly #socket: WebSocket;
  readonly #open = deferred();
  readonly #end = deferred<RpcSocketEnd>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<NotificationListener>();
  readonly #handlers = new Map<string, ServerRequestHandler>();
  /** Requests of the daemon that are being answered, by their ids. */
  readonly #answering = new Map<unknown, AbortController>();
  #lastId = 0;
  #hasEnded = false;
  #wasOpen = false;
  #closeTimer: ReturnType<typeof setTimeout> | undefined;
  #closeReason: string | null = null;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = this.#end.promise;
    this.#open.promise.catch(() => {});
    socket.addEventListener('open', this.#onOpen);
    socket.addEventListener('message', this.#onMessage);
    socket.addEventListener('close', this.#onClose);
  }

  /** Sends a request as soon as the connection is open. Rejects with `RpcError` or `BrowserClientError`. */
  request(method: string, params: object | null, wait: RequestWait): Promise<unknown> {
    if (this.#hasEnded || this.#closeReason !== null) return Promise.reject(this.#closedError(method));
    if (this.#waiting.size >= MAX_WAITING) {
      const message = `\`${method}\` was not sent: ${MAX_WAITING} requests wait for their answers`;
      return Promise.reject(new BrowserClientError('overrun', message));
    }
    this.#lastId += 1;
    const id = this.#lastId;
    const { signal, timeoutMs } = wait;
    return new Promise((resolve, reject) => {
      const giveUp = (reason: 'timeout' | 'aborted', message: string): void => {
        settle();
        reject(new BrowserClientError(reason, message));
      };
      const onAbort = (): void => giveUp('aborted', `the wait for \`${method}\` was aborted`);
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(
              () => giveUp('timeout', `\`${method}\` was not answered in ${timeoutMs} ms`),
              timeoutMs,
            );
      const settle = (): void => {
        this.#waiting.delete(id);
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      this.#waiting.set(id, {
        method,
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      if (signal?.aborted === true) return onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#whenOpen(() => {
        // Whoever gave up before the connection was open has nothing to ask any more.
        if (this.#waiting.has(id)) this.#send(params === null ? { id, method } : { id, method, params });
      });
    });
  }

  /** Does nothing once the connection is closed. */
  notify(method: string): void {
    this.#whenOpen(() => this.#send({ method }));
  }

  onNotification(listener: NotificationListener): () => void {
    // A wrapper of its own makes each registration separate, also of the same function.
    const registered: NotificationListener = (method, params) => listener(method, params);
    this.#listeners.add(registered);
    return () => this.#listeners.delete(registered);
  }

  onRequest(method: string, handler: ServerRequestHandler): () => void {
    this.#handlers.set(method, handler);
    return () => {
      if (this.#handlers.get(method) === handler) this.#handlers.delete(method);
    };
  }

  /** The daemon needs no answer to its request any more. Nothing happens where there is no such request. */
  withdraw(id: unknown): void {
    this.#answering.get(id)?.abort(new BrowserClientError('aborted', 'the daemon needs no answer any more'));
  }

  /** Closes the connection from this side. What still waits is rejected at once. */
  close(reason: string, code = 1000): void {
    if (this.#hasEnded || this.#closeReason !== null) return;
    this.#closeReason = reason;
    this.#endWaiting();
    this.#closeTimer = setTimeout(() => this.#finish(reason), CLOSE_TIMEOUT_MS);
    this.#socket.close(code);
  }

  readonly #onOpen = (): void => {
    this.#wasOpen = true;
    this.#open.resolve();
  };

  readonly #onMessage = ({ data }: MessageEvent): void => {
    if (this.#closeReason !== null) return;
    if (typeof data !== 'string') return this.close('the daemon sent a binary frame', BAD_MESSAGE);
    let message: unknown;
    try {
      message = JSON.parse(data);
    } catch {
      return this.close('the daemon sent a message that is not JSON', BAD_MESSAGE);
    }
    if (typeof message === 'object' && message !== null) this.#receive(message);
  };

  readonly #onClose = ({ code, reason }: CloseEvent): void => {
    const words = reason === '' ? `code ${code}` : `code ${code}: ${reason}`;
    const how = this.#wasOpen ? 'the daemon closed the connection' : 'the connection could not be made';
    this.#finish(this.#closeReason ?? `${how} (${words})`);
  };

  #receive({ id, method, params, result, error }: Message): void {
    if (typeof method === 'string') {
      if (id === undefined) this.#emit(method, params);
      else void this.#answer(id, method, params);
      return;
    }
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    if (error === undefined || error === null) return waiting?.resolve(result);
    const { code = INTERNAL_ERROR, message = 'the daemon gave no reason', data } = error;
    waiting?.reject(new RpcError(code, message, data));
  }

  #emit(method: string, params: unknown): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(method, params);
      } catch (error) {
        // It is a fault of the page, not of the connection: it surfaces as an uncaught error.
        reportError(error);
      }
    }
  }

  async #answer(id: unknown, method: string, params: unknown): Promise<void> {
    const handler = this.#handlers.get(method);
    const answering = new AbortController();
    this.#answering.set(id, answering);
    const answer = await answerOf(() => {
      if (handler !== undefined) return handler(params, answering.signal);
      throw new RpcError(METHOD_NOT_FOUND, `this client does not answer \`${method}\``);
    });
    if (this.#answering.get(id) === answering) this.#answering.delete(id);
    if (!answering.signal.aborted) this.#send({ id, ...answer });
  }

  #whenOpen(action: () => void): void {
    if (this.#wasOpen) action();
    else this.#open.promise.then(action, () => {});
  }

  #send(message: object): void {
    // A browser takes what is sent to a socket that closes, and drops it.
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #finish(reason: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#closeTimer);
    this.#socket.removeEventListener('open', this.#onOpen);
    this.#socket.removeEventListener('message', this.#onMessage);
    this.#socket.removeEventListener('close', this.#onClose);
    this.#closeReason ??= reason;
    this.#endWaiting();
    this.#open.reject(this.#closedError('initialize'));
    this.#end.resolve({ reason });
  }

  #endWaiting(): void {
    for (const waiting of [...this.#waiting.values()]) waiting.reject(this.#closedError(waiting.method));
    const closed = new BrowserClientError(
      'closed',
      `the connection is over: ${this.#closeReason ?? 'closed'}`,
    );
    for (const answering of [...this.#answering.values()]) answering.abort(closed);
  }

  #closedError(method: string): BrowserClientError {
    const reason = this.#wasOpen || this.#closeReason === null ? 'closed' : 'refused';
    return new BrowserClientError(reason, `\`${method}\` was not answered: ${this.#closeReason ?? 'closed'}`);
  }
}

/** What an action gives, or the error that it throws, as an answer. */
async function answerOf(action: () => unknown): Promise<{ result: unknown } | { error: object }> {
  try {
    return { result: (await action()) ?? {} };
  } catch (error) {
    const { code, message, data } =
      error instanceof RpcError ? error : new RpcError(INTERNAL_ERROR, errorMessage(error));
    return { error: { code, message, ...(data === undefined ? {} : { data }) } };
  }
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code?: number; readonly message?: string; readonly data?: unknown } | null;
}
