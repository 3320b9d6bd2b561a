import { createHttpClient } from './http-client.ts';
import type { Fetch, HttpClient, HttpClientOptions } from './http-client.ts';

/** An `HttpClient` that loads the library behind it with the first request. */
export class LazyHttpClient implements HttpClient {
  readonly #options: HttpClientOptions;
  readonly #check: (url: URL) => Promise<unknown>;
  #client: Promise<HttpClient> | null = null;
  #isClosed = false;

  /** The check comes before every request, also before those that need no new connection; it rejects to stop them. */
  constructor(options: HttpClientOptions, check: (url: URL) => Promise<unknown>) {
    this.#options = options;
    this.#check = check;
  }

  readonly fetch: Fetch = async (url, init) => {
    await this.#check(new URL(url));
    if (this.#isClosed) throw new Error('the network has been closed');
    this.#client ??= createHttpClient(this.#options);
    const client = await this.#client;
    return client.fetch(url, init);
  };

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = await this.#client;
    await client?.close();
  }
}
