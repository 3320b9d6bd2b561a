import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach } from 'vitest';

const WAIT_MS = 15_000;

/** What one scripted answer counts as used. */
export const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 10 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 5 },
  total_tokens: 120,
};

type UpstreamEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** One request of the daemon for a model response. Nothing is answered until a test does. */
export class UpstreamRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  readonly #response: ServerResponse;
  #isGone = false;

  constructor(request: IncomingMessage, body: string, response: ServerResponse, notify: () => void) {
    this.url = request.url ?? '';
    this.headers = request.headers;
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

  /** Streams events; the first call accepts the request. */
  send(...events: UpstreamEvent[]): void {
    if (!this.#response.headersSent) {
      this.#response.writeHead(200, { 'content-type': 'text/event-stream' });
    }
    for (const event of events) {
      this.#response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
  }

  /** Streams a whole text message, one event a delta, and completes the response. */
  answer(id: string, deltas: readonly string[]): void {
    this.begin(id, deltas);
    this.finish(id, deltas);
  }

  /** The part of `answer` before the message is complete. */
  begin(id: string, deltas: readonly string[]): void {
    const item = { type: 'message', role: 'assistant', id, content: [] };
    this.send(
      { type: 'response.created', response: { id: `resp-${id}` } },
      { type: 'response.output_item.added', output_index: 0, item },
      ...deltas.map((delta) => ({ type: 'response.output_text.delta', item_id: id, delta })),
    );
  }

  /** The part of `answer` from the complete message on. */
  finish(id: string, deltas: readonly string[]): void {
    const content = [{ type: 'output_text', text: deltas.join('') }];
    const item = { type: 'message', role: 'assistant', id, content };
    this.send(
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: { id: `resp-${id}`, usage: USAGE } },
    );
    this.#response.end();
  }

  /** Refuses the request. */
  refuse(status: number, body: string): void {
    this.#response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }
}

const open = new Set<ResponsesUpstream>();

afterEach(async () => {
  await Promise.all([...open].map((upstream) => upstream.close()));
});

/** A scripted Responses upstream on loopback. It says only what a test makes it say. Ended after each test. */
export class ResponsesUpstream {
  readonly requests: UpstreamRequest[] = [];
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  readonly #watchers = new Set<() => void>();

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        this.requests.push(new UpstreamRequest(request, body, response, () => this.#look()));
        this.#look();
      });
    });
    this.#server.on('connection', (connection) => this.#connections.add(connection));
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
  config(top = ''): string {
    return `
model = "test-model"
model_provider = "test"
${top}
[model_providers.test]
name = "Test"
base_url = "${this.url}/v1"
experimental_bearer_token = "test-token"
request_max_retries = 0
stream_max_retries = 0
`;
  }

  /** The n-th request, once its body has come. */
  async request(index = 0): Promise<UpstreamRequest> {
    return this.until(`request ${index}`, () => this.requests[index]);
  }

  /** Waits until `find` gives something, looking again whenever a request comes or ends. */
  async until<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(`the upstream expected ${what}; got ${this.requests.length} requests`));
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
