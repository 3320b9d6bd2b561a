import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

const open = new Set<KeyedUpstream>();

afterEach(async () => {
  await Promise.all([...open].map((upstream) => upstream.close()));
});

/** An upstream that answers every request for a response with `Hi.`, and remembers who asked. Ended after each test. */
export class KeyedUpstream {
  /** The `authorization` header of each request for a response. */
  readonly authorizations: (string | undefined)[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      request.resume();
      if (request.method !== 'POST') {
        response.writeHead(404).end();
        return;
      }
      this.authorizations.push(request.headers.authorization);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(ANSWER.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
    });
  }

  static async open(): Promise<KeyedUpstream> {
    const upstream = new KeyedUpstream();
    await new Promise<void>((resolve) => upstream.#server.listen(0, '127.0.0.1', resolve));
    open.add(upstream);
    return upstream;
  }

  /** A `config.toml` that points Parley here, with the key of whoever is logged in. */
  get config(): string {
    return `
model_provider = "test"
[model_providers.test]
name = "Test"
base_url = "http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1"
requires_openai_auth = true
`;
  }

  async close(): Promise<void> {
    open.delete(this);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const MESSAGE = { type: 'message', role: 'assistant', id: 'msg-1' };
const ANSWER = [
  { type: 'response.created', response: { id: 'resp-1' } },
  { type: 'response.output_item.added', output_index: 0, item: { ...MESSAGE, content: [] } },
  { type: 'response.output_text.delta', item_id: MESSAGE.id, delta: 'Hi.' },
  {
    type: 'response.output_item.done',
    output_index: 0,
    item: { ...MESSAGE, content: [{ type: 'output_text', text: 'Hi.' }] },
  },
  { type: 'response.completed', response: { id: 'resp-1' } },
];
