import type {
  ClientInfo,
  InitializeCapabilities,
  InitializeResponse,
  MethodName,
  NotificationName,
  NotificationParamsOf,
  ParamsInputOf,
  ResponseOf,
  ServerRequestName,
  ServerRequestParamsOf,
  ServerRequestResponseOf,
} from '../../protocol/index.ts';
import { BrowserClientError } from './errors.ts';
import { RpcSocket } from './rpc-socket.ts';
import type { RequestWait, RpcSocketEnd, ServerRequestHandler } from './rpc-socket.ts';

const DEFAULT_CONNECT_TIMEOUT_MS = 20_000;
const DEFAULT_REQUEST_TIMEOUT_MS = 120_000;

/** The subprotocol of the daemon, and the prefix of the one that carries a token: a page can set no header. */
const SUBPROTOCOL = 'parley';
const TOKEN_SUBPROTOCOL = 'parley.bearer.';

export interface BrowserClientOptions {
  readonly clientInfo: ClientInfo;
  readonly capabilities?: InitializeCapabilities;
  /** What the daemon asks for to let a client in, if it does. */
  readonly token?: string;
  /** Milliseconds from the start to the answer to `initialize`. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds that a request waits for its answer where it does not say otherwise. */
  readonly requestTimeoutMs?: number;
  /** Gives up while connecting; it has no effect on the client that was made. */
  readonly signal?: AbortSignal;
  /** A listener from the first notification on, which may come before `connect` has resolved. */
  readonly onNotification?: (method: string, params: unknown) => void;
}

export type BrowserRequestOptions = RequestWait;

/**
 * Answers a question of the daemon. The signal aborts when no answer is needed any more: another client gave one, the turn
 * went on without (its reason is a `BrowserClientError` `aborted`), or the connection is over (`closed`). What the handler
 * gives then is not sent.
 */
export type QuestionHandler<M extends ServerRequestName> = (
  params: ServerRequestParamsOf<M>,
  signal: AbortSignal,
) => ServerRequestResponseOf<M> | Promise<ServerRequestResponseOf<M>>;

/** Why the connection is over, in words for the user: what the daemon said, or that this side closed it. */
export type BrowserClientEnd = RpcSocketEnd;

/**
 * The connection of a page to a daemon that listens on a WebSocket. Types come from the protocol's table of methods. What
 * the daemon sends is trusted to have the shape of its schema and is not checked again.
 */
export class BrowserClient {
  /** What the daemon said about itself. */
  readonly initializeResponse: InitializeResponse;
  /** Resolves when the connection is over, whoever ended it. It never rejects. */
  readonly closed: Promise<BrowserClientEnd>;
  readonly #socket: RpcSocket;
  readonly #requestTimeoutMs: number;

  private constructor(socket: RpcSocket, initializeResponse: InitializeResponse, requestTimeoutMs: number) {
    this.#socket = socket;
    this.#requestTimeoutMs = requestTimeoutMs;
    this.initializeResponse = initializeResponse;
    this.closed = socket.closed;
    this.onNotification('serverRequest/resolved', ({ requestId }) => socket.withdraw(requestId));
  }

  /**
   * Connects to `ws://` or `wss://` and performs the handshake. Rejects with `BrowserClientError` when there is no answer
   * and with `RpcError` when the daemon refuses; the connection is closed by then.
   */
  static async connect(url: string | URL, options: BrowserClientOptions): Promise<BrowserClient> {
    const { token, signal, connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
    if (signal?.aborted === true) {
      throw new BrowserClientError('aborted', 'connecting to the daemon was aborted');
    }
    const subprotocols = token === undefined ? [] : [SUBPROTOCOL, `${TOKEN_SUBPROTOCOL}${token}`];
    const socket = new RpcSocket(new WebSocket(url, subprotocols));
    if (options.onNotification !== undefined) socket.onNotification(options.onNotification);
    const params = { clientInfo: options.clientInfo, capabilities: options.capabilities ?? null };
    const wait = { timeoutMs: connectTimeoutMs, ...(signal === undefined ? {} : { signal }) };
    try {
      const response = (await socket.request('initialize', params, wait)) as InitializeResponse;
      socket.notify('initialized');
      return new BrowserClient(socket, response, options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS);
    } catch (error) {
      socket.close('the daemon could not be reached');
      throw error;
    }
  }

  /**
   * Sends a request and gives its answer. Rejects with `RpcError` for an error answer and with `BrowserClientError` when
   * there will be none. `params` is null for a method without params.
   */
  async request<M extends MethodName>(
    method: M,
    params: ParamsInputOf<M>,
    options?: BrowserRequestOptions,
  ): Promise<ResponseOf<M>> {
    return (await this.requestUntyped(method, params, options)) as ResponseOf<M>;
  }

  /** As `request`, for a method that this version of the protocol does not know. */
  requestUntyped(
    method: string,
    params: object | null,
    options: BrowserRequestOptions = {},
  ): Promise<unknown> {
    return this.#socket.request(method, params, { timeoutMs: this.#requestTimeoutMs, ...options });
  }

  /** Calls the listener for each notification of that name; gives the function that ends this. */
  onNotification<N extends NotificationName>(
    name: N,
    listener: (params: NotificationParamsOf<N>) => void,
  ): () => void {
    return this.#socket.onNotification((method, params) => {
      if (method === name) listener(params as NotificationParamsOf<N>);
    });
  }

  /** Calls the listener for every notification, known or not; gives the function that ends this. */
  onAnyNotification(listener: (method: string, params: unknown) => void): () => void {
    return this.#socket.onNotification(listener);
  }

  /**
   * Answers the daemon's requests of that name, with what the handler gives or with the `RpcError` it throws; gives the
   * function that ends this. A request without a handler is answered with -32601.
   */
  onRequest<M extends ServerRequestName>(method: M, handler: QuestionHandler<M>): () => void {
    return this.onRequestUntyped(method, (params, signal) =>
      handler(params as ServerRequestParamsOf<M>, signal),
    );
  }

  /** As `onRequest`, for a request that this version of the protocol does not know. */
  onRequestUntyped(method: string, handler: ServerRequestHandler): () => void {
    return this.#socket.onRequest(method, handler);
  }

  /** Closes the connection; what waits for an answer is rejected. Resolves when it is over. Idempotent. */
  async close(): Promise<void> {
    this.#socket.close('this client closed the connection');
    await this.closed;
  }
}
