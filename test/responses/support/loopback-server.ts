import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

const WAIT_MS = 15_000;

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether the exchange is over, be it that it was answered or that the other side hung up. */
  isGone: boolean;
}

export type Frame = Readonly<Record<string, unknown>>;

/** One socket that the code under test opened. */
export interface ReceivedSocket {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly socket: WebSocket;
  readonly frames: Frame[];
  isClosed: boolean;
  send(...events: object[]): void;
}

export interface ServerScript {
  /** Answers the n-th HTTP request. */
  readonly onRequest?: (response: ServerResponse, index: number, request: ReceivedRequest) => void;
  /** Headers for the n-th handshake, or a refusal; undefined leaves it without an answer. */
  readonly onHandshake?: (index: number) => HandshakeAnswer | undefined;
  /** Answers the n-th frame of a socket. */
  readonly onFrame?: (socket: ReceivedSocket, frame: Frame, index: number) => void;
}

export interface HandshakeAnswer {
  readonly headers?: Readonly<Record<string, string>>;
  /** Refuses the handshake. */
  readonly status?: number;
  readonly body?: string;
}

const open = new Set<LoopbackServer>();

afterEach(async () => {
  await Promise.all([...open].map((server) => server.close()));
});

/** An upstream on loopback that does what a test's script says. Ended after each test. */
export class LoopbackServer {
  readonly requests: ReceivedRequest[] = [];
  readonly handshakes: { url: string; headers: IncomingHttpHeaders }[] = [];
  readonly sockets: ReceivedSocket[] = [];
  readonly #server: Server;
  readonly #script: ServerScript;
  readonly #connections = new Set<Duplex>();
  readonly #watchers = new Set<() => void>();
  #connectionCount = 0;

  private constructor(script: ServerScript) {
    this.#script = script;
    this.#server = createServer((request, response) => void this.#receive(request, response));
    this.#server.on('connection', (connection) => {
      this.#connections.add(connection);
      this.#connectionCount += 1;
    });
    const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    this.#server.on('upgrade', (request, connection, head) =>
      this.#upgrade({ webSockets, request, connection, head }),
    );
  }

  static async open(script: ServerScript = {}): Promise<LoopbackServer> {
    const server = new LoopbackServer(script);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    open.add(server);
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get host(): string {
    return new URL(this.url).host;
  }

  /** How many connections were ever made. */
  get connectionCount(): number {
    return this.#connectionCount;
  }

  /** Waits until `find` gives something, looking again whenever anything comes or ends. */
  async until<T>(what: string, find: () => T | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        const frames = this.sockets.map((socket) => socket.frames.length);
        const came = JSON.stringify({
          requests: this.requests.length,
          handshakes: this.handshakes.length,
          frames,
        });
        reject(new Error(`the server expected ${what}; got ${came}`));
      }, WAIT_MS);
      const look = (): void => {
        const found = find();
        if (found === undefined || found === false) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(found);
      };
      this.#watchers.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    open.delete(this);
    for (const { socket } of this.sockets) socket.terminate();
    for (const connection of this.#connections) connection.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { headers, method = '', url = '' } = request;
    const received = { method, url, headers, body: Buffer.concat(chunks), isGone: false };
    const index = this.requests.push(received) - 1;
    response.on('error', () => {});
    response.on('close', () => {
      received.isGone = true;
      this.#look();
    });
    this.#script.onRequest?.(response, index, received);
    this.#look();
  }

  #upgrade(upgrade: {
    webSockets: WebSocketServer;
    request: IncomingMessage;
    connection: Duplex;
    head: Buffer;
  }): void {
    const { connection, head, request, webSockets } = upgrade;
    connection.on('error', () => {});
    const index = this.handshakes.push({ url: request.url ?? '', headers: request.headers }) - 1;
    const answer = this.#script.onHandshake === undefined ? {} : this.#script.onHandshake(index);
    this.#look();
    if (answer === undefined) return;
    const extra = Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
    if (answer.status !== undefined) {
      const body = answer.body ?? '';
      const lines = [
        `HTTP/1.1 ${answer.status} Refused`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        ...extra,
      ];
      connection.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
      return;
    }
    webSockets.once('headers', (lines) => lines.push(...extra));
    webSockets.handleUpgrade(request, connection, head, (socket) => this.#accept(socket, request));
  }

  #accept(socket: WebSocket, request: IncomingMessage): void {
    const received: ReceivedSocket = {
      url: request.url ?? '',
      headers: request.headers,
      socket,
      frames: [],
      isClosed: false,
      send: (...events) => {
        for (const event of events) socket.send(JSON.stringify(event));
      },
    };
    this.sockets.push(received);
    socket.on('error', () => {});
    socket.on('close', () => {
      received.isClosed = true;
      this.#look();
    });
    socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString('utf8')) as Frame;
      const index = received.frames.push(frame) - 1;
      this.#script.onFrame?.(received, frame, index);
      this.#look();
    });
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}

/** Resolves when the other side has taken in all that a socket has sent. */
export function settled({ socket }: ReceivedSocket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('pong', resolve);
    socket.ping();
  });
}

/** Answers with server-sent events and ends. */
export function sendEvents(response: ServerResponse, events: readonly object[], headers: object = {}): void {
  beginEvents(response, events, headers);
  response.end();
}

/** The same without the end. */
export function beginEvents(response: ServerResponse, events: readonly object[], headers: object = {}): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  response.flushHeaders();
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
}
