import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

const WAIT_MS = 15_000;

export type ClientFrame = Readonly<Record<string, unknown>> & { readonly type: string };

/** One socket that the daemon opened. */
export class UpstreamSocket {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly socket: WebSocket;
  /** Every frame that the daemon sent, in order. */
  readonly received: ClientFrame[] = [];
  closed: { code: number } | null = null;
  readonly #notify: () => void;

  constructor(socket: WebSocket, request: IncomingMessage, notify: () => void) {
    this.socket = socket;
    this.url = request.url ?? '';
    this.headers = request.headers;
    this.#notify = notify;
    socket.on('message', (data) => {
      this.received.push(JSON.parse((data as Buffer).toString('utf8')) as ClientFrame);
      this.#notify();
    });
    socket.on('close', (code) => {
      this.closed = { code };
      this.#notify();
    });
    socket.on('error', () => {});
  }

  /** Sends events as the upstream would. */
  send(...events: object[]): void {
    for (const event of events) this.socket.send(JSON.stringify(event));
  }
}

/** A request to make a call, as it came. */
export interface CallRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface CallAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** The answer to a request for a call, unless a test has another. */
export const CALL_ANSWER = {
  status: 201,
  headers: { location: '/v1/realtime/calls/rtc_test' },
  body: 'v=answer\r\n',
} satisfies CallAnswer;

export interface UpstreamOptions {
  /** Refuses a handshake with this status line and body, or null to accept it. */
  readonly refuse?: (request: IncomingMessage) => { status: string; body?: string } | null;
  /** Leaves a handshake without an answer. */
  readonly isSilent?: boolean;
  /** Holds the answer to a handshake until it resolves. */
  readonly hold?: (request: IncomingMessage) => Promise<void>;
  /** Answers the n-th request for a call, from 0 on; null leaves it without an answer. */
  readonly answerCall?: (request: CallRequest, index: number) => CallAnswer | null;
}

const open = new Set<RealtimeUpstream>();

afterEach(async () => {
  await Promise.all([...open].map((upstream) => upstream.close()));
});

/** A scripted Realtime upstream on loopback. It says only what a test makes it say. Ended after each test. */
export class RealtimeUpstream {
  readonly sockets: UpstreamSocket[] = [];
  /** Every handshake, also refused ones. */
  readonly handshakes: { url: string; headers: IncomingHttpHeaders }[] = [];
  /** Every request to make a call, once it was read. */
  readonly calls: CallRequest[] = [];
  /** Held handshakes and requests for calls whose client has gone before they were answered. */
  abandoned = 0;
  readonly #server: Server;
  readonly #connections = new Set<Duplex>();
  #watchers = new Set<() => void>();

  private constructor(options: UpstreamOptions) {
    const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    this.#server = createServer((request, response) => void this.#answer(request, response, options));
    this.#server.on('connection', (connection) => this.#connections.add(connection));
    this.#server.on('upgrade', (request, connection, head) => {
      this.handshakes.push({ url: request.url ?? '', headers: request.headers });
      this.#look();
      connection.on('error', () => {});
      if (options.isSilent === true) return;
      const answer = (): void => {
        const refusal = options.refuse?.(request) ?? null;
        if (refusal === null) {
          webSockets.handleUpgrade(request, connection, head, (socket) => {
            this.sockets.push(new UpstreamSocket(socket, request, () => this.#look()));
            this.#look();
          });
          return;
        }
        const body = refusal.body ?? '';
        connection.end(
          `HTTP/1.1 ${refusal.status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
      };
      const held = options.hold?.(request);
      if (held === undefined) return answer();
      const gone = (): void => {
        connection.destroy();
        this.abandoned += 1;
        this.#look();
      };
      // Only who reads hears of the end.
      connection.resume().once('end', gone);
      void held.then(() => {
        connection.off('end', gone);
        if (!connection.destroyed) answer();
      });
    });
  }

  static async open(options: UpstreamOptions = {}): Promise<RealtimeUpstream> {
    const upstream = new RealtimeUpstream(options);
    await new Promise<void>((resolve) => upstream.#server.listen(0, '127.0.0.1', resolve));
    open.add(upstream);
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A `config.toml` that points a daemon here, with a key of its own and nothing generated. */
  config(extra: { top?: string; realtime?: string; tables?: string } = {}): string {
    return `
model = "test-model"
model_provider = "test"
experimental_realtime_ws_base_url = "${this.url}"
experimental_realtime_ws_backend_prompt = "test prompt"
experimental_realtime_ws_startup_context = ""
${extra.top ?? ''}
[realtime]
${extra.realtime ?? ''}
[model_providers.test]
name = "Test"
base_url = "${this.url}/v1"
experimental_bearer_token = "test-token"
request_max_retries = 0
stream_max_retries = 0
${extra.tables ?? ''}
`;
  }

  /** The n-th socket, once it has received its first frame. */
  async socket(index = 0): Promise<UpstreamSocket> {
    return this.until(`socket ${index} with a first frame`, () => {
      const socket = this.sockets[index];
      return socket !== undefined && socket.received.length > 0 ? socket : undefined;
    });
  }

  async until<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        const came = this.sockets.map(({ received }) => received.map(({ type }) => type));
        reject(new Error(`the upstream expected ${what}; got: ${JSON.stringify(came)}`));
      }, WAIT_MS);
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(found);
      };
      this.#watchers.add(look);
      look();
    });
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    { answerCall = () => CALL_ANSWER }: UpstreamOptions,
  ): Promise<void> {
    const { headers, method = '', url = '' } = request;
    if (method !== 'POST' || !/\/realtime\/calls(\?|$)/.test(url)) {
      response.writeHead(404).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
    this.calls.push(call);
    response.once('close', () => {
      if (response.writableFinished) return;
      this.abandoned += 1;
      this.#look();
    });
    const answer = answerCall(call, this.calls.length - 1);
    if (answer !== null) response.writeHead(answer.status, answer.headers).end(answer.body);
    this.#look();
  }

  async close(): Promise<void> {
    open.delete(this);
    for (const { socket } of this.sockets) socket.terminate();
    for (const connection of this.#connections) connection.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}
