/** The headers of an answer; names are asked for in lower case. */
export interface ResponseHeaders {
  get(name: string): string | null;
  /** Every name, in lower case. */
  keys(): Iterable<string>;
  /** The `set-cookie` lines; absent where nobody asks for them. */
  getSetCookie?(): string[];
}

export interface HttpRequest {
  readonly method: 'DELETE' | 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
  /** `manual` gives the answer that leads elsewhere, instead of going there. */
  readonly redirect?: 'manual';
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * Sends an HTTP request and resolves when the head of the answer is there. Any status resolves; what rejects is a
 * network failure, or the signal. `fetch` has this shape. Aborting the signal must also end the reading of the body.
 */
export type HttpTransport = (url: string, request: HttpRequest) => Promise<HttpResponse>;

/** Headers out of a list of names and values, whatever the names' case; repeated names are joined as HTTP has it. */
export function responseHeaders(entries: Iterable<readonly [name: string, value: string]>): ResponseHeaders {
  const headers = new Map<string, string>();
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    const earlier = headers.get(key);
    headers.set(key, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return { get: (name) => headers.get(name) ?? null, keys: () => headers.keys() };
}
