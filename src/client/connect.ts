import type { ClientInfo, InitializeCapabilities, InitializeResponse } from '../protocol/index.ts';
import { RpcError, openConnection } from '../rpc/index.ts';
import type { RpcLogger } from '../rpc/index.ts';
import { Client, NotificationListeners, endConnection, requestFailure } from './client.ts';
import type { AnyNotificationListener, ServerRequestHandler } from './client.ts';
import { DaemonProcess } from './daemon-process.ts';
import { ClientError } from './errors.ts';

const METHOD_NOT_FOUND = -32601;
const DEFAULT_START_TIMEOUT_MS = 20_000;
const DEFAULT_REQUEST_TIMEOUT_MS = 120_000;
const DEFAULT_EXIT_GRACE_MS = 3_000;

export interface ConnectOptions {
  /** The program to start, and what it is given. */
  readonly command: string;
  readonly args?: readonly string[];
  /** The whole environment of the daemon; absent: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly clientInfo: ClientInfo;
  readonly capabilities?: InitializeCapabilities;
  /** Milliseconds from the start of the process to its answer to `initialize`. */
  readonly startTimeoutMs?: number;
  /** Milliseconds that a request waits for its answer where it does not say otherwise. */
  readonly requestTimeoutMs?: number;
  /** Milliseconds that the daemon has to end by itself when the client is closed, and again after SIGTERM. */
  readonly exitGraceMs?: number;
  /** Puts the daemon into a process group of its own, so that Ctrl-C at the terminal does not reach it. */
  readonly ownProcessGroup?: boolean;
  /** Gives up while connecting; it has no effect on the client that was made. */
  readonly signal?: AbortSignal;
  /** Each line the daemon writes to stderr, cut to a thousand characters. */
  readonly onStderr?: (line: string) => void;
  /** A listener from the first notification on, which may come before `connect` has resolved. */
  readonly onNotification?: AnyNotificationListener;
  readonly logger?: RpcLogger;
}

/**
 * Starts a daemon and performs the handshake. Rejects with `ClientError` when the program cannot be started, ends or
 * stays silent, and with `RpcError` when it refuses; the process is gone by then.
 */
export async function connect(options: ConnectOptions): Promise<Client> {
  if (options.signal?.aborted) throw new ClientError('aborted', 'connecting to the daemon was aborted');
  const process = new DaemonProcess({
    command: options.command,
    args: options.args ?? [],
    env: options.env,
    cwd: options.cwd,
    ownProcessGroup: options.ownProcessGroup ?? false,
    exitGraceMs: options.exitGraceMs ?? DEFAULT_EXIT_GRACE_MS,
    onStderr: options.onStderr,
  });
  const notifications = new NotificationListeners();
  if (options.onNotification !== undefined) notifications.add(options.onNotification);
  const serverRequests: { handler: ServerRequestHandler } = { handler: refuse };
  const connection = openConnection({
    input: process.output,
    output: process.input,
    framing: 'lines',
    ...(options.logger === undefined ? {} : { logger: options.logger }),
  });
  connection.onNotification((method, params) => notifications.emit(method, params));
  connection.onRequest((method, params, signal) => serverRequests.handler(method, params, signal));
  connection.listen();
  // Nothing more can be answered once the daemon's side has ended, even if its process lives on.
  void Promise.race([connection.inputEnded, process.gone]).then(() => endConnection(connection, process));

  try {
    const initializeResponse = await connection.request(
      'initialize',
      { clientInfo: options.clientInfo, capabilities: options.capabilities ?? null },
      {
        timeoutMs: options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
    );
    connection.notify('initialized');
    return new Client({
      process,
      connection,
      initializeResponse: initializeResponse as InitializeResponse,
      requestTimeoutMs: options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
      notifications,
      serverRequests,
    });
  } catch (error) {
    const failure = await requestFailure(error, 'initialize', process);
    // A daemon that does not even answer `initialize` need not be asked to go.
    if (failure instanceof ClientError && failure.reason === 'timeout') process.kill();
    await endConnection(connection, process);
    throw failure;
  }
}

function refuse(method: string): Promise<never> {
  return Promise.reject(new RpcError(METHOD_NOT_FOUND, `this client does not answer \`${method}\``));
}
