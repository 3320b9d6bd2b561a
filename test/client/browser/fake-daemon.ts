import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

export interface SentMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly error?: unknown;
}

type Reply = (message: SentMessage) => object | null;

/** A daemon whose every word the test decides. It answers each request with `{}` where it is not told otherwise. */
export class FakeDaemon {
  readonly messages: SentMessage[] = [];
  /** The subprotocols that the client offered. */
  subprotocols: string[] = [];
  readonly #server: WebSocketServer;
  readonly #replies = new Map<string, Reply>();
  readonly #waiting: { readonly method: string; readonly resolve: (message: SentMessage) => void }[] = [];
  #socket: WebSocket | null = null;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket, { headers }) => {
      this.#socket = socket;
      this.subprotocols = (headers['sec-websocket-protocol'] ?? '').split(',').filter((name) => name !== '');
      socket.on('message', (data) =>
        this.#receive(JSON.parse((data as Buffer).toString('utf8')) as SentMessage),
      );
    });
  }

  static async listen(): Promise<FakeDaemon> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    return new FakeDaemon(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get socket(): WebSocket {
    return this.#socket!;
  }

  /** Decides the answer to a method: members of the message, or null for none. */
  reply(method: string, reply: Reply): void {
    this.#replies.set(method, reply);
  }

  /** The next message of that method, or the first one that was not yet asked for. */
  next(method: string): Promise<SentMessage> {
    const at = this.messages.findIndex((message) => message.method === method);
    const [message] = at === -1 ? [] : this.messages.splice(at, 1);
    if (message !== undefined) return Promise.resolve(message);
    return new Promise((resolve) => this.#waiting.push({ method, resolve }));
  }

  notify(method: string, params: object): void {
    this.socket.send(JSON.stringify({ method, params }));
  }

  async close(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #receive(message: SentMessage): void {
    const { id, method = 'answer' } = message;
    const at = this.#waiting.findIndex((waiting) => waiting.method === method);
    if (at === -1) this.messages.push(message);
    else this.#waiting.splice(at, 1)[0]!.resolve(message);
    if (id === undefined || message.method === undefined) return;
    const reply = (this.#replies.get(method) ?? (() => ({ result: {} })))(message);
    if (reply !== null) this.socket.send(JSON.stringify({ id, ...reply }));
  }
}
