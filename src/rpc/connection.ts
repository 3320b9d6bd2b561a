import type { Readable, Writable } from 'node:stream';
import { createMessageConnection, Message, ResponseError } from 'vscode-jsonrpc/node';
import type { Logger } from 'vscode-jsonrpc/node';
import { errorMessage } from '../util/errors.ts';
import { RpcConnectionError, RpcError } from './errors.ts';
import { InboundIds } from './inbound-ids.ts';
import { FramedReader } from './reader.ts';
import type { Framing, RefusedMessage } from './reader.ts';
import { FramedWriter } from './writer.ts';

/** Undispatched messages at which reading stops, and at which it goes on. */
const DISPATCH_QUEUE = { full: 256, free: 64 };

/** How long after the end of the output the input may still bring what was sent before, in milliseconds. */
const LAST_WORDS_MS = 250;

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const INTERNAL_ERROR = -32603;

/** Where a connection reports what has no answer on the wire. Messages are static; data is in the fields. */
export interface RpcLogger {
  warn(fields: Record<string, unknown>, message: string): void;
}

export interface RpcConnectionOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly framing?: Framing;
  readonly logger?: RpcLogger;
}

/**
 * Answers a request: with what it gives, or with the `RpcError` it throws. `signal` aborts when the connection closes.
 * `afterAnswer` calls back as soon as the answer has been written, before anything else is.
 */
export type RequestHandler = (
  method: string,
  params: unknown,
  signal: AbortSignal,
  afterAnswer: (callback: () => void) => void,
) => Promise<unknown>;
export type NotificationHandler = (method: string, params: unknown) => void;

/** A JSON-RPC connection over two byte streams. Requests go both ways. */
export interface RpcConnection {
  /**
   * Rejects with `RpcError` for an error answer, and `RpcConnectionError` where no answer will come. `onId` is told the id of the
   * request before it goes out.
   */
  request(
    method: string,
    params?: object,
    options?: { signal?: AbortSignal; timeoutMs?: number; onId?: (id: number) => void },
  ): Promise<unknown>;
  /** Does nothing once the connection is closed. */
  notify(method: string, params?: object): void;
  onRequest(handler: RequestHandler): void;
  onNotification(handler: NotificationHandler): void;
  /** True while the peer does not read what was sent; `listener` hears of each change. */
  readonly isBacklogged: boolean;
  onBacklog(listener: (isBacklogged: boolean) => void): void;
  /** Starts reading; handlers must be set. */
  listen(): void;
  /** Resolves when the peer has ended its side and everything it sent has been dispatched. */
  readonly inputEnded: Promise<void>;
  /** Resolves when every request that was read has been answered, and the answers have been sent. */
  drained(): Promise<void>;
  /** Resolves when either side has closed the connection for good. */
  readonly closed: Promise<void>;
  /** Ends the output and rejects what is pending. Idempotent. */
  close(): Promise<void>;
}

/** Opens a connection; nothing is read before `listen`. */
export function openConnection(options: RpcConnectionOptions): RpcConnection {
  const ids = new InboundIds();
  const awaitedIds = new Set<number>();
  const backlogListeners: ((isBacklogged: boolean) => void)[] = [];
  const lifetime = new AbortController();
  const writer = new FramedWriter({
    output: options.output,
    ids,
    awaitedIds,
    onBacklog: (isBacklogged) => {
      if (isBacklogged) reader.hold();
      else reader.release();
      for (const listener of backlogListeners) listener(isBacklogged);
    },
  });
  const reader = new FramedReader({
    input: options.input,
    framing: options.framing ?? 'detect',
    ids,
    awaitedIds,
    onFraming: (framing) => writer.useFraming(framing),
    onRefused: (refused) => {
      options.logger?.warn({ reason: refused.reason }, 'refused a message');
      writer.writeError(refused.id, refusal(refused));
    },
  });

  let requests = 0;
  let undispatched = 0;
  let dispatching = 0;
  let isHeld = false;
  const connection = createMessageConnection(reader, writer, logsOf(options.logger), {
    messageStrategy: {
      handleMessage: (message: Message, next) => {
        undispatched -= 1;
        // Handlers are called before `next` returns, so this names the request that a handler is called for.
        if (Message.isRequest(message) && typeof message.id === 'number') dispatching = message.id;
        const result = next(message);
        if (isHeld && undispatched <= DISPATCH_QUEUE.free) {
          isHeld = false;
          reader.release();
        }
        if (undispatched === 0 && hasInputEnded) resolveInputEnded();
        return result;
      },
    },
  });
  reader.onDelivered = () => {
    undispatched += 1;
    if (isHeld || undispatched < DISPATCH_QUEUE.full) return;
    isHeld = true;
    reader.hold();
  };

  let hasInputEnded = false;
  let resolveInputEnded!: () => void;
  const inputEnded = new Promise<void>((resolve) => {
    resolveInputEnded = resolve;
  });
  void reader.ended.then(() => {
    hasInputEnded = true;
    if (undispatched === 0) resolveInputEnded();
  });

  const closed = new Promise<void>((resolve) => {
    lifetime.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const shutDown = (): void => {
    if (lifetime.signal.aborted) return;
    lifetime.abort();
    connection.dispose();
  };
  let isGone = false;
  // A peer that is gone may have said something before: that is dispatched first, if its side has ended too.
  connection.onClose(() => {
    isGone = true;
    const timer = setTimeout(shutDown, LAST_WORDS_MS);
    void Promise.race([inputEnded, closed]).then(() => {
      clearTimeout(timer);
      shutDown();
    });
  });
  connection.onError(([error]) => options.logger?.warn({ error: errorMessage(error) }, 'connection error'));

  /** One callback that fails must not keep the next from being called: one of them may be what others wait for. */
  const guarded = (callback: () => void, method: string): void => {
    try {
      callback();
    } catch (error) {
      options.logger?.warn({ method, error: errorMessage(error) }, 'what follows an answer failed');
    }
  };

  return {
    request: (method, params, { onId, signal, timeoutMs } = {}) => {
      if (isGone || lifetime.signal.aborted) return Promise.reject(connectionClosed(method));
      // The library numbers its requests from 0 on.
      onId?.(requests);
      requests += 1;
      const answer =
        params === undefined ? connection.sendRequest(method) : connection.sendRequest(method, params);
      return bounded(answer, method, signal, timeoutMs);
    },
    notify: (method, params) => {
      if (isGone || lifetime.signal.aborted) return;
      const sent =
        params === undefined
          ? connection.sendNotification(method)
          : connection.sendNotification(method, params);
      sent.catch((error: unknown) =>
        options.logger?.warn({ error: errorMessage(error) }, 'notification not sent'),
      );
    },
    onRequest: (handler) => {
      connection.onRequest(async (method: string, params: unknown) => {
        const request = dispatching;
        try {
          return await handler(method, params, lifetime.signal, (callback) =>
            ids.afterAnswer(request, () => guarded(callback, method)),
          );
        } catch (error) {
          if (error instanceof RpcError) return new ResponseError(error.code, error.message, error.data);
          options.logger?.warn({ method, error: errorMessage(error) }, 'request handler failed');
          return new ResponseError(INTERNAL_ERROR, `internal error: ${errorMessage(error)}`, {
            reason: 'internal',
          });
        }
      });
    },
    onNotification: (handler) => {
      connection.onNotification((method: string, params: unknown) => handler(method, params));
    },
    get isBacklogged() {
      return writer.isBacklogged;
    },
    onBacklog: (listener) => backlogListeners.push(listener),
    listen: () => connection.listen(),
    inputEnded,
    drained: async () => {
      await Promise.race([ids.allAnswered(), closed]);
      await writer.flushed();
    },
    closed,
    close: async () => {
      if (lifetime.signal.aborted) return;
      await Promise.race([writer.flushed(), closed]);
      shutDown();
      writer.end();
    },
  };
}

function refusal({ reason, message }: RefusedMessage): { code: number; message: string; data: unknown } {
  return { code: reason === 'parseError' ? PARSE_ERROR : INVALID_REQUEST, message, data: { reason } };
}

function connectionClosed(method: string): RpcConnectionError {
  return new RpcConnectionError('closed', `the connection closed before \`${method}\` was answered`);
}

function bounded(
  answer: Promise<unknown>,
  method: string,
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(
            () =>
              reject(new RpcConnectionError('timeout', `\`${method}\` was not answered in ${timeoutMs} ms`)),
            timeoutMs,
          );
    const onAbort = (): void =>
      reject(new RpcConnectionError('aborted', `the wait for \`${method}\` was aborted`));
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    answer
      .then(resolve, (error: unknown) => reject(asRpcError(error, method)))
      .finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      });
  });
}

function asRpcError(error: unknown, method: string): Error {
  if (!(error instanceof ResponseError)) return connectionClosed(method);
  // vscode-jsonrpc rejects with its own code when the connection is disposed before the answer.
  if (error.code === -32097 || error.code === -32099) return connectionClosed(method);
  return new RpcError(error.code, error.message, error.data);
}

function logsOf(logger: RpcLogger | undefined): Logger {
  const log = (detail: string): void => logger?.warn({ detail }, 'json-rpc library message');
  return { error: log, warn: log, info: log, log };
}
