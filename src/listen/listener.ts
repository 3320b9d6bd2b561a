import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { errorCode } from '../util/error-code.ts';
import { errorMessage } from '../util/errors.ts';
import type { Logger } from '../util/logger.ts';
import { authenticator } from './auth/authenticator.ts';
import type { AuthPolicy } from './auth/authenticator.ts';
import { SUBPROTOCOL } from './auth/bearer.ts';
import { ListenError } from './errors.ts';
import { replyTo, writeRawReply, writeReply } from './http.ts';
import type { HttpRules } from './http.ts';
import type { ListenerLimits } from './limits.ts';
import { ServedClient } from './served-client.ts';
import type { ServedClientOptions } from './served-client.ts';
import { siteReply } from './site.ts';
import type { Site } from './site.ts';
import { authority, isLoopback } from './target.ts';
import { makeRoom } from './unix-socket.ts';

/** An address to listen on: an IP address and a port, 0 for a free one, or the absolute path of a Unix socket. */
export type ListenAddress =
  | { readonly kind: 'webSocket'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string; readonly usualPath: string };

export interface ListenerOptions {
  readonly address: ListenAddress;
  /** Who may connect to an IP address. Null, which only loopback addresses may have, lets everyone in. */
  readonly policy: AuthPolicy | null;
  /** Origins of the web pages that may connect. */
  readonly allowedOrigins: readonly string[];
  /** A web page to serve at an IP address, which may then connect as well; absent: none. */
  readonly site?: Site | undefined;
  readonly accept: ServedClientOptions['accept'];
  readonly limits: ListenerLimits;
  readonly logger: Logger;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** A place where clients connect. */
export interface Listener {
  readonly kind: ListenAddress['kind'];
  /** Where it is: `ws://IP:PORT` or `unix://PATH`. */
  readonly url: string;
  /** Resolves when every request of the clients that are connected has been answered, and the answers have been sent. */
  drained(): Promise<void>;
  /** Takes no more clients, and closes those that are connected with code 1001. A client has `stepMs` for each step. */
  close(stepMs: number): Promise<void>;
}

const GOING_AWAY = { code: 1001, reason: 'the server is shutting down' };

/** After how long without traffic the system asks whether a client is still there, in milliseconds. */
const KEEP_ALIVE_MS = 60_000;

/** How long a client may take to send its handshake, in milliseconds. */
const HANDSHAKE_MS = 10_000;

/** Starts to listen. Throws `ListenError` where that is not possible or not allowed. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { address, limits, logger, policy } = options;
  if (address.kind === 'webSocket' && policy === null && !isLoopback(address.host)) {
    const url = `ws://${authority(address.host, address.port)}`;
    throw new ListenError(
      `${url} can be reached by other machines and needs --ws-auth capability-token or signed-bearer-token`,
    );
  }
  const clients = new Set<ServedClient>();
  const server = createServer({ headersTimeout: HANDSHAKE_MS, requestTimeout: HANDSHAKE_MS });
  server.maxConnections = limits.connections;
  server.on('drop', () => logger.warn({ mostConnections: limits.connections }, 'too many connections'));
  serve(server, clients, options);
  await listen(server, address);
  server.on('error', (error) => logger.error({ error: errorMessage(error) }, 'the listener failed'));
  return {
    kind: address.kind,
    url: urlOf(server, address),
    drained: async () => {
      await Promise.all([...clients].map((client) => client.drained()));
    },
    close: async (stepMs) => {
      server.close();
      server.closeAllConnections();
      const { code, reason } = GOING_AWAY;
      await Promise.all([...clients].map((client) => client.close(code, reason, stepMs)));
    },
  };
}

function serve(server: Server, clients: Set<ServedClient>, options: ListenerOptions): void {
  const { accept, limits, logger, site } = options;
  // The port is known from the first request on; rules are made once.
  let knownRules: HttpRules | null = null;
  let knownHost: string | null = null;
  const ownHost = (): string => (knownHost ??= new URL(urlOf(server, options.address)).host);
  const rules = (): HttpRules => (knownRules ??= rulesOf(options, `http://${ownHost()}`));
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  webSockets.on('wsClientError', (error, socket) => {
    writeRawReply(socket, { status: 400, body: errorMessage(error) });
  });
  server.on('request', (request, response) => {
    request.resume();
    // Whoever may pass has asked for an upgrade, and does not come here.
    const page = site === undefined ? null : siteReply(request, site, ownHost());
    const reply = page ?? replyTo(request, rules()) ?? { status: 400, body: 'expected an upgrade' };
    if (reply.status !== 200) logRefusal(logger, reply.status);
    writeReply(response, reply);
  });
  server.on('upgrade', (request: IncomingMessage, transport: Duplex, head: Buffer) => {
    transport.on('error', (error) => logger.debug({ error: errorCode(error) }, 'a connection broke'));
    const reply = replyTo(request, rules());
    if (reply !== null) {
      if (reply.status !== 200) logRefusal(logger, reply.status);
      return writeRawReply(transport, reply);
    }
    if (transport instanceof Socket) transport.setKeepAlive(true, KEEP_ALIVE_MS);
    webSockets.handleUpgrade(request, transport, head, (socket) => {
      const client = new ServedClient({ socket, transport, limits, logger, accept });
      clients.add(client);
      void client.closed.then(() => clients.delete(client));
    });
  });
}

/** A Unix socket has the rights of its file instead, and no web page can reach it. */
function rulesOf(options: ListenerOptions, ownOrigin: string): HttpRules {
  const { address, allowedOrigins, now, policy, site } = options;
  if (address.kind === 'unix') return { hasHealth: false, allowedOrigins: null, authenticate: null };
  return {
    hasHealth: true,
    allowedOrigins: site === undefined ? allowedOrigins : [...allowedOrigins, ownOrigin],
    authenticate: policy === null ? null : authenticator(policy, now),
  };
}

function logRefusal(logger: Logger, status: number): void {
  logger.info({ status }, 'refused an HTTP request');
}

async function listen(server: Server, address: ListenAddress): Promise<void> {
  if (address.kind === 'unix') await makeRoom(address.path, address.usualPath);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      bind(server, address, () => {
        server.off('error', reject);
        resolve();
      });
    });
    if (address.kind === 'unix') chmodSync(address.path, 0o600);
  } catch (error) {
    const where = address.kind === 'unix' ? address.path : `ws://${authority(address.host, address.port)}`;
    throw new ListenError(`cannot listen on ${where}: ${reasonOf(error)}`, { cause: error });
  }
}

/** The socket's file is made within the call, so that it never has wider rights, not for a moment. */
function bind(server: Server, address: ListenAddress, onListening: () => void): void {
  if (address.kind === 'webSocket') {
    server.listen({ host: address.host, port: address.port }, onListening);
    return;
  }
  const before = process.umask(0o177);
  try {
    server.listen(address.path, onListening);
  } finally {
    process.umask(before);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is in use',
  EADDRNOTAVAIL: 'this machine does not have the address',
  EACCES: 'permission denied',
};

function reasonOf(error: unknown): string {
  return REASONS[errorCode(error)] ?? errorMessage(error);
}

function urlOf(server: Server, address: ListenAddress): string {
  if (address.kind === 'unix') return `unix://${address.path}`;
  return `ws://${authority(address.host, (server.address() as AddressInfo).port)}`;
}
