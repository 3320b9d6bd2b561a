import type {
  InitializeResponse,
  MethodName,
  NotificationName,
  NotificationParamsOf,
  ParamsInputOf,
  ResponseOf,
} from '../protocol/index.ts';
import { RpcConnectionError, RpcError } from '../rpc/index.ts';
import type { RpcConnection } from '../rpc/index.ts';
import { exitText } from './daemon-process.ts';
import type { DaemonExit, DaemonProcess } from './daemon-process.ts';
import { ClientError } from './errors.ts';

export interface RequestOptions {
  /** Ends the wait for the answer; the daemon is not told. */
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for the answer, instead of the client's default. */
  readonly timeoutMs?: number;
}

/** Answers a request of the daemon; what it throws becomes an error answer, an `RpcError` with its own code. */
export type ServerRequestHandler = (method: string, params: unknown, signal: AbortSignal) => Promise<unknown>;

/** Hears every notification, also those whose name this version does not know. */
export type AnyNotificationListener = (method: string, params: unknown) => void;

export interface ClientParts {
  readonly process: DaemonProcess;
  readonly connection: RpcConnection;
  readonly initializeResponse: InitializeResponse;
  readonly requestTimeoutMs: number;
  readonly notifications: NotificationListeners;
  readonly serverRequests: { handler: ServerRequestHandler };
}

/**
 * The connection to one daemon that this process started; made by `connect`. Types come from the protocol's table of
 * methods. What the daemon sends is trusted to have the shape of its schema and is not checked again.
 */
export class Client {
  /** What the daemon said about itself. */
  readonly initializeResponse: InitializeResponse;
  /** Resolves when the daemon has ended, whoever ended it. */
  readonly closed: Promise<DaemonExit>;
  readonly #parts: ClientParts;
  #closing: Promise<DaemonExit> | null = null;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.initializeResponse = parts.initializeResponse;
    this.closed = parts.process.gone;
  }

  /**
   * Sends a request and gives its answer. Rejects with `RpcError` for an error answer and with `ClientError` when there
   * will be none. `params` is null for a method without params.
   */
  async request<M extends MethodName>(
    method: M,
    params: ParamsInputOf<M>,
    options?: RequestOptions,
  ): Promise<ResponseOf<M>> {
    const answer = await this.requestUntyped(method, params, options);
    return answer as ResponseOf<M>;
  }

  /** As `request`, for a method that this version of the protocol does not know. */
  async requestUntyped(
    method: string,
    params: object | null,
    options: RequestOptions = {},
  ): Promise<unknown> {
    if (this.#closing !== null) throw new ClientError('closed', `\`${method}\`: this client is closed`);
    const { connection, requestTimeoutMs, process } = this.#parts;
    try {
      return await connection.request(method, params ?? undefined, {
        timeoutMs: requestTimeoutMs,
        ...options,
      });
    } catch (error) {
      const failure = await requestFailure(error, method, process);
      if (this.#closing === null || failure instanceof RpcError) throw failure;
      throw new ClientError('closed', `\`${method}\`: this client was closed before the answer came`, {
        cause: failure,
      });
    }
  }

  /** Calls the listener for each notification of that name; gives the function that ends this. */
  on<N extends NotificationName>(name: N, listener: (params: NotificationParamsOf<N>) => void): () => void {
    return this.#parts.notifications.add((method, params) => {
      if (method === name) listener(params as NotificationParamsOf<N>);
    });
  }

  /** Calls the listener for every notification, known or not; gives the function that ends this. */
  onAny(listener: AnyNotificationListener): () => void {
    return this.#parts.notifications.add(listener);
  }

  /** Answers the daemon's own requests from now on. Without a handler each is answered with -32601. */
  onRequest(handler: ServerRequestHandler): void {
    this.#parts.serverRequests.handler = handler;
  }

  /**
   * Ends the daemon: closes its stdin, waits a bounded time, then sends SIGTERM and at last SIGKILL. Gives how it
   * ended. Calling it again gives the same promise.
   */
  close(): Promise<DaemonExit> {
    this.#closing ??= endConnection(this.#parts.connection, this.#parts.process);
    return this.#closing;
  }
}

/** The listeners of one client. One that throws does not keep the others from hearing. */
export class NotificationListeners {
  readonly #listeners = new Set<AnyNotificationListener>();

  add(listener: AnyNotificationListener): () => void {
    // A wrapper of its own makes each registration separate, also of the same function.
    const registered: AnyNotificationListener = (method, params) => listener(method, params);
    this.#listeners.add(registered);
    return () => this.#listeners.delete(registered);
  }

  emit(method: string, params: unknown): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(method, params);
      } catch (error) {
        // It is a fault of the program, not of the connection: it surfaces as an uncaught exception.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** Closes the connection without waiting for a daemon that reads no more, and sees the process off. */
export function endConnection(connection: RpcConnection, process: DaemonProcess): Promise<DaemonExit> {
  void connection.close();
  return process.end();
}

/** Says why a request has no answer; a connection that broke is explained by the end of the process. */
export async function requestFailure(
  error: unknown,
  method: string,
  process: DaemonProcess,
): Promise<unknown> {
  if (error instanceof RpcError || !(error instanceof RpcConnectionError)) return error;
  if (error.reason !== 'closed') {
    const { stderrLines } = process;
    return new ClientError(error.reason, error.message, { cause: error, stderrLines });
  }
  const exit = await process.end();
  const { spawnError, stderrLines } = process;
  if (spawnError !== null) {
    return new ClientError('spawnFailed', `the daemon could not be started: ${spawnError.message}`, {
      cause: spawnError,
    });
  }
  const said = stderrLines.length === 0 ? '' : `; it last said:\n${stderrLines.join('\n')}`;
  return new ClientError('exited', `the daemon ${exitText(exit)} before it answered \`${method}\`${said}`, {
    exit,
    stderrLines,
    cause: error,
  });
}
