import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

/** What a provider answers to `GET /models`; null never answers. */
export interface ModelsAnswer {
  readonly status?: number;
  readonly body: string | object;
  readonly etag?: string;
}

const open = new Set<ModelsProvider>();

afterEach(async () => {
  await Promise.all([...open].map((provider) => provider.close()));
});

/** A provider on loopback that only tells its models. Ended after each test. */
export class ModelsProvider {
  answer: ModelsAnswer | null;
  readonly requests: {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingHttpHeaders;
  }[] = [];
  readonly #server: Server;

  private constructor(answer: ModelsAnswer | null) {
    this.answer = answer;
    this.#server = createServer(({ headers, method, url }, response) => {
      this.requests.push({ method: method ?? '', url: url ?? '', headers });
      if (this.answer === null) return;
      const { body, etag, status = 200 } = this.answer;
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(etag === undefined ? {} : { etag }),
      });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  }

  static async open(answer: ModelsAnswer | null): Promise<ModelsProvider> {
    const provider = new ModelsProvider(answer);
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve));
    open.add(provider);
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** A `config.toml` that points a daemon here. */
  config(more = ''): string {
    return `
model_provider = "test"
[model_providers.test]
name = "Test"
base_url = "${this.url}"
${more}
`;
  }

  async close(): Promise<void> {
    open.delete(this);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
