import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { deferred } from '../util/deferred.ts';
import { errorMessage } from '../util/errors.ts';
import { Call } from './calls/call.ts';
import { Calls } from './calls/calls.ts';
import { joinedCall, serveHangup, serveNewCall } from './calls/http.ts';
import { systemClock } from './clock.ts';
import type { LoopbackClock } from './clock.ts';
import type { LoopbackContext, LoopbackEvent } from './context.ts';
import { EventSocket } from './http/event-socket.ts';
import { refuseUpgrade, replyJson, replyRefusal } from './http/replies.ts';
import { MODEL_NAME, routeRequest } from './http/routes.ts';
import type { Route } from './http/routes.ts';
import { randomId } from './ids.ts';
import { serveRealtime } from './realtime/connection.ts';
import { serveResponsesHttp } from './responses/http.ts';
import { serveResponsesSocket } from './responses/socket.ts';
import { ResponseStore } from './responses/store.ts';

export interface LoopbackOptions {
  /** The address to listen on: 127.0.0.1 unless it is given. */
  readonly host?: string;
  /** 0, which is the default, takes any free port. */
  readonly port?: number;
  readonly clock?: LoopbackClock;
  /** Makes an id that begins with a prefix and `_`. */
  readonly newId?: (prefix: string) => string;
  /** Told of everything worth a line in a log; never of keys, audio or text. */
  readonly onEvent?: (event: LoopbackEvent) => void;
}

/** A running loopback upstream. */
export interface Loopback {
  /** The base URL of its API, such as `http://127.0.0.1:40123/v1`. */
  readonly url: string;
  /** Resolves when it has stopped serving. */
  readonly closed: Promise<void>;
  /** Ends every session and stops serving, within about a second. Idempotent. */
  close(): Promise<void>;
}

const LONGEST_MESSAGE_BYTES = 64 * 1024 * 1024;
const MOST_CONNECTIONS = 256;

/** How long clients may take to answer a close before their connections are dropped. */
const CLOSE_TIMEOUT_MS = 1_000;

/** Serves the loopback upstream. Rejects when the address cannot be listened on. */
export async function startLoopback(options: LoopbackOptions = {}): Promise<Loopback> {
  const { host = '127.0.0.1', port = 0 } = options;
  const context: LoopbackContext = {
    clock: options.clock ?? systemClock,
    newId: options.newId ?? randomId,
    onEvent: options.onEvent ?? (() => {}),
  };
  const server = createServer();
  server.maxConnections = MOST_CONNECTIONS;
  server.on('drop', () => context.onEvent({ name: 'connection_refused', mostConnections: MOST_CONNECTIONS }));
  const calls = new Calls(context);
  const sockets = serve(server, { context, calls, store: new ResponseStore() });
  await listen(server, host, port);
  server.on('error', (error) => context.onEvent({ name: 'server_error', message: errorMessage(error) }));
  const url = `http://${authority(server.address() as AddressInfo)}/v1`;
  context.onEvent({ name: 'listening', url });
  const closed = deferred();
  let isClosing = false;
  const close = (): Promise<void> => {
    if (!isClosing) {
      isClosing = true;
      const callsClosed = calls.close();
      server.once('close', () => void callsClosed.then(closed.resolve));
      shutDown(server, sockets, context);
    }
    return closed.promise;
  };
  return { url, closed: closed.promise, close };
}

/** What every request is served with. */
interface Services {
  readonly context: LoopbackContext;
  readonly calls: Calls;
  /** The responses that a later request may continue. */
  readonly store: ResponseStore;
}

function serve(server: Server, services: Services): WebSocketServer {
  const { context } = services;
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LONGEST_MESSAGE_BYTES,
  });
  server.on('request', (request, response) => {
    const route = routeOf(request, false);
    context.onEvent({ name: 'request', route: route.kind });
    void answer(route, { request, response, ...services });
  });
  server.on('upgrade', (request, socket, head) => {
    const route = routeOf(request, true);
    context.onEvent({ name: 'upgrade', route: route.kind });
    socket.on('error', (error) => context.onEvent({ name: 'socket_error', message: errorMessage(error) }));
    upgrade(route, { request, socket, head, sockets, ...services });
  });
  return sockets;
}

function routeOf({ method = '', url = '', headers }: IncomingMessage, isUpgrade: boolean): Route {
  return routeRequest({ method, url, isUpgrade, hasOrigin: headers.origin !== undefined });
}

interface Exchange extends Services {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer(route: Route, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  if (route.kind === 'responses') return serveResponsesHttp(request, response, exchange);
  if (route.kind === 'newCall') return serveNewCall(exchange, route.model);
  request.resume();
  if (route.kind === 'hangup') return serveHangup(exchange, route.callId);
  if (route.kind === 'refused') return replyRefusal(response, route.refusal);
  const model = { id: MODEL_NAME, object: 'model', created: 0, owned_by: 'parley' };
  replyJson(response, 200, { object: 'list', data: [model], models: [MODEL_DESCRIPTION] });
}

interface Upgrade extends Services {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly sockets: WebSocketServer;
}

function upgrade(route: Route, { request, socket, head, sockets, context, calls, store }: Upgrade): void {
  if (route.kind === 'refused') return refuseUpgrade(socket, route.refusal);
  const call = route.kind === 'callSocket' ? joinedCall(calls, route) : null;
  if (call !== null && !(call instanceof Call)) return refuseUpgrade(socket, call);
  sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
    const events = new EventSocket(webSocket, context);
    if (call !== null) call.join(events);
    else if (route.kind === 'realtimeSocket') serveRealtime(events, { ...route, update: null }, context);
    else serveResponsesSocket(events, { context, store });
  });
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function authority({ address, family, port }: AddressInfo): string {
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Tells every client that the server goes away, and drops those that do not go by themselves. */
function shutDown(server: Server, sockets: WebSocketServer, { clock, onEvent }: LoopbackContext): void {
  server.close();
  server.closeAllConnections();
  for (const socket of sockets.clients) {
    socket.resume();
    socket.close(1001, 'The loopback server is shutting down.');
  }
  const timer = clock.setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, CLOSE_TIMEOUT_MS);
  server.once('close', () => {
    clock.clearTimeout(timer);
    onEvent({ name: 'closed' });
  });
}

/** The model as clients of the reference describe one, so that they know what it takes. */
const MODEL_DESCRIPTION = {
  slug: MODEL_NAME,
  display_name: 'Loopback',
  description: 'Repeats what it was asked. For development without a key.',
  context_window: 272_000,
  supports_parallel_tool_calls: false,
  supports_reasoning_summaries: false,
  default_reasoning_level: 'medium',
  supported_reasoning_levels: [{ effort: 'medium', description: 'Thinks not at all' }],
};
