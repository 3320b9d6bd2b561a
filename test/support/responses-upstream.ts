import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

const WAIT_MS = 15_000;

/** What one scripted answer counts as used. */
export const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 10 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 5 },
  total_tokens: 120,
};

export type UpstreamEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** The events of a text message before it is complete, one event a delta. */
function beginning(id: string, deltas: readonly string[]): UpstreamEvent[] {
  const item = { type: 'message', role: 'assistant', id, content: [] };
  return [
    { type: 'response.created', response: { id: `resp-${id}` } },
    { type: 'response.output_item.added', output_index: 0, item },
    ...deltas.map((delta) => ({ type: 'response.output_text.delta', item_id: id, delta })),
  ];
}

/** The events of a text message from the complete message on. */
function ending(id: string, deltas: readonly string[], usage: object): UpstreamEvent[] {
  const content = [{ type: 'output_text', text: deltas.join('') }];
  return [
    itemDone({ type: 'message', role: 'assistant', id, content }),
    { type: 'response.completed', response: { id: `resp-${id}`, usage } },
  ];
}

/** The event that tells a whole item. */
export function itemDone(item: object): UpstreamEvent {
  return { type: 'response.output_item.done', output_index: 0, item };
}

/** The event that tells the end of a response. */
export function completed(id: string, more: object = {}): UpstreamEvent {
  return { type: 'response.completed', response: { id: `resp-${id}`, usage: USAGE, ...more } };
}

/** One request of the daemon for a model response. Nothing is answered until a test does. */
export class UpstreamRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it came. */
  readonly text: string;
  readonly #response: ServerResponse;
  #isGone = false;

  constructor(request: IncomingMessage, body: string, response: ServerResponse, notify: () => void) {
    this.url = request.url ?? '';
    this.headers = request.headers;
    this.text = body;
    this.body = JSON.parse(body) as Readonly<Record<string, unknown>>;
    this.#response = response;
    response.on('error', () => {});
    response.on('close', () => {
      this.#isGone = true;
      notify();
    });
  }

  /** Whether the exchange is over, be it that it was answered or that the daemon hung up. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** The items that the model is given. */
  get input(): readonly InputItem[] {
    return this.body['input'] as InputItem[];
  }

  /** Accepts the request, with headers of the provider's. */
  accept(headers: Readonly<Record<string, string>> = {}): void {
    this.#response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
    this.#response.flushHeaders();
  }

  /** Streams events; the first call accepts the request. */
  send(...events: UpstreamEvent[]): void {
    if (!this.#response.headersSent) this.accept();
    for (const event of events) {
      this.#response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
  }

  /** Streams a whole text message, one event a delta, and completes the response. */
  answer(id: string, deltas: readonly string[], usage: object = USAGE): void {
    this.begin(id, deltas);
    this.finish(id, deltas, usage);
  }

  /** The part of `answer` before the message is complete. */
  begin(id: string, deltas: readonly string[]): void {
    this.send(...beginning(id, deltas));
  }

  /** The part of `answer` from the complete message on. */
  finish(id: string, deltas: readonly string[], usage: object = USAGE): void {
    this.send(...ending(id, deltas, usage));
    this.end();
  }

  /** Ends the answer, whatever it lacks. */
  end(): void {
    this.#response.end();
  }

  /** Cuts the connection in the middle of the answer. */
  cut(): void {
    this.#response.destroy();
  }

  /** Answers with one JSON document. */
  json(body: object): void {
    this.#response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  /** Refuses the request. */
  refuse(status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
    this.#response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }
}

/** An item of a request's input, as far as tests look into it. */
export interface InputItem {
  readonly type: string;
  readonly role?: string;
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
}

/** One frame of the daemon, on the socket that it came by. Nothing is answered until a test does. */
export class UpstreamFrame {
  readonly socket: WebSocket;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(socket: WebSocket, headers: IncomingHttpHeaders, text: string) {
    this.socket = socket;
    this.headers = headers;
    this.body = JSON.parse(text) as Readonly<Record<string, unknown>>;
  }

  /** The items that the model is given. */
  get input(): readonly InputItem[] {
    return this.body['input'] as InputItem[];
  }

  send(...events: UpstreamEvent[]): void {
    for (const event of events) this.socket.send(JSON.stringify(event));
  }

  /** A whole text message, one event a delta, and the end of the response. */
  answer(id: string, deltas: readonly string[]): void {
    this.send(...beginning(id, deltas), ...ending(id, deltas, USAGE));
  }

  begin(id: string, deltas: readonly string[]): void {
    this.send(...beginning(id, deltas));
  }
}

export interface ConfigOptions {
  /** Default `test-model`, of which nothing is known. */
  readonly model?: string;
  /** The provider's name; `OpenAI` makes it compact histories. */
  readonly name?: string;
  /** Default 0. */
  readonly streamRetries?: number;
  /** Further keys of the provider. */
  readonly provider?: string;
  /** In place of a token of the provider's own. */
  readonly credential?: string;
}

const open = new Set<ResponsesUpstream>();

afterEach(async () => {
  await Promise.all([...open].map((upstream) => upstream.close()));
});

/** A scripted Responses upstream on loopback. It says only what a test makes it say. Ended after each test. */
export class ResponsesUpstream {
  readonly requests: UpstreamRequest[] = [];
  /** Every frame by WebSocket, whatever the socket. */
  readonly frames: UpstreamFrame[] = [];
  /** Every handshake, also refused ones. */
  readonly handshakes: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = [];
  /** The status that handshakes are refused with, or null to accept them. */
  refusesSockets: number | null = null;
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  readonly #watchers = new Set<() => void>();

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        if (request.method !== 'POST') {
          response.writeHead(404).end();
          return;
        }
        this.requests.push(new UpstreamRequest(request, body, response, () => this.#look()));
        this.#look();
      });
    });
    this.#server.on('connection', (connection) => this.#connections.add(connection));
    const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    this.#server.on('upgrade', (request, connection, head) => {
      this.handshakes.push({ url: request.url ?? '', headers: request.headers });
      this.#look();
      if (this.refusesSockets !== null) {
        connection.end(`HTTP/1.1 ${this.refusesSockets} Refused\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      webSockets.handleUpgrade(request, connection, head, (socket) => {
        socket.on('error', () => {});
        socket.on('message', (data) => {
          this.frames.push(new UpstreamFrame(socket, request.headers, (data as Buffer).toString('utf8')));
          this.#look();
        });
      });
    });
  }

  static async open(): Promise<ResponsesUpstream> {
    const upstream = new ResponsesUpstream();
    await new Promise<void>((resolve) => upstream.#server.listen(0, '127.0.0.1', resolve));
    open.add(upstream);
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A `config.toml` that points a daemon here, without retries. `top` is for further top-level keys. */
  config(top = '', options: ConfigOptions = {}): string {
    const { credential = 'experimental_bearer_token = "test-token"', model = 'test-model' } = options;
    return `
model = "${model}"
model_provider = "test"
${top}
[model_providers.test]
name = "${options.name ?? 'Test'}"
base_url = "${this.url}/v1"
${credential}
request_max_retries = 0
stream_max_retries = ${options.streamRetries ?? 0}
${options.provider ?? ''}
`;
  }

  /** The n-th request, once its body has come. */
  async request(index = 0): Promise<UpstreamRequest> {
    return this.until(`request ${index}`, () => this.requests[index]);
  }

  /** The n-th frame by WebSocket. */
  async frame(index = 0): Promise<UpstreamFrame> {
    return this.until(`frame ${index}`, () => this.frames[index]);
  }

  /** Waits until `find` gives something, looking again whenever a request or a frame comes, or a request ends. */
  async until<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        const came = `${this.requests.length} requests and ${this.frames.length} frames`;
        reject(new Error(`the upstream expected ${what}; got ${came}`));
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

  async close(): Promise<void> {
    open.delete(this);
    for (const connection of this.#connections) connection.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}
