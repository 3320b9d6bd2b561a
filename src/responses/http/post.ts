import { errorMessage } from '../../util/errors.ts';
import { NetworkConfigurationError } from '../../util/network/errors.ts';
import { linkedAbort } from '../abort.ts';
import { withDeadline } from '../clock.ts';
import { abortedError, connectionError, ResponsesError, setupError } from '../error/responses-error.ts';
import { statusError } from '../error/status-error.ts';
import { hasHeader } from '../header-map.ts';
import type { OptionalHeaders } from '../request/headers.ts';
import type { Compress, Upstream } from '../upstream.ts';
import { networkReason } from './network-reason.ts';
import { readBodyStart } from './read-body.ts';
import { withRetries } from './retry.ts';
import type { HttpRequest, ResponseHeaders } from './transport.ts';

/** How much of the body of a refusal is read, in bytes, and for how long at most. */
const REFUSAL_BODY = { limit: 1024 * 1024, milliseconds: 10_000 };

export interface PostOptions {
  readonly path: string;
  readonly headers: OptionalHeaders;
  readonly body: object;
  readonly signal: AbortSignal;
  /** What compresses the body, or null to send it as it is. */
  readonly compress: Compress | null;
  /** Whether a refused login is renewed. */
  readonly recoversAuth: boolean;
}

/** An answer that is a success, and whose body may still come. */
export interface Exchange {
  readonly headers: ResponseHeaders;
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives up what has not been read. To be called in every case, when nothing more is read. Idempotent. */
  readonly end: () => void;
}

/**
 * Posts a body as JSON and resolves when a success begins. Tries again after server errors and failures to reach the
 * provider.
 */
export async function post(upstream: Upstream, options: PostOptions): Promise<Exchange> {
  const { clock, logger, provider, random } = upstream.options;
  const { compress, recoversAuth, signal } = options;
  const url = requestUrl(upstream.url(options.path));
  const body = await encodedBody(JSON.stringify(options.body), compress);
  const attempt = async (): Promise<Exchange> => {
    const headers = await upstream.headers(options.headers, signal);
    if (compress !== null) markCompressed(headers);
    return send(upstream, { url, request: { method: 'POST', headers, body, signal } });
  };
  for (let step = 0; ; step += 1) {
    try {
      return await withRetries(attempt, {
        maxRetries: provider.requestMaxRetries,
        clock,
        random,
        signal,
        logger,
      });
    } catch (error) {
      const isRefused = error instanceof ResponsesError && error.kind === 'unauthorized';
      if (!isRefused || !recoversAuth || !(await upstream.recover(step, signal))) throw error;
    }
  }
}

async function encodedBody(
  json: string,
  compress: Compress | null,
): Promise<NonNullable<HttpRequest['body']>> {
  if (compress === null) return json;
  try {
    return await compress(new TextEncoder().encode(json));
  } catch (error) {
    throw setupError(`the request could not be compressed: ${errorMessage(error)}`);
  }
}

function requestUrl(url: string): string {
  if (!URL.canParse(url)) throw setupError('the URL of the model provider is not valid');
  const { protocol } = new URL(url);
  if (protocol === 'http:' || protocol === 'https:') return url;
  throw setupError(
    `the URL of the model provider has the scheme \`${protocol.slice(0, -1)}\`; expected http or https`,
  );
}

function markCompressed(headers: Record<string, string>): void {
  if (hasHeader(headers, 'content-encoding')) {
    throw setupError('request compression was requested but content-encoding is already set');
  }
  headers['Content-Encoding'] = 'zstd';
}

/** One attempt, until the head of the answer; of a refusal the body too. */
async function send(
  upstream: Upstream,
  { request, url }: { readonly url: string; readonly request: HttpRequest },
): Promise<Exchange> {
  const { clock, http, provider } = upstream.options;
  const { signal } = request;
  const milliseconds = provider.streamIdleTimeoutMs;
  const expired = (): ResponsesError =>
    new ResponsesError('timeout', `the model provider did not answer within ${milliseconds} ms`);
  const attempt = linkedAbort(signal);
  const end = (): void => {
    attempt.release();
    attempt.abort();
  };
  try {
    const exchange = http(url, { ...request, signal: attempt.signal });
    const response = await withDeadline(exchange, { clock, milliseconds, signal, expired });
    const { headers, status } = response;
    if (status >= 200 && status < 300) return { headers, body: response.body ?? NOTHING, end };
    const body = await readBodyStart(response.body ?? NOTHING, { ...REFUSAL_BODY, clock, signal });
    throw statusError({ status, headers, body, url }, clock.now());
  } catch (error) {
    end();
    throw sendingError(error, signal);
  }
}

const NOTHING: AsyncIterable<Uint8Array> = {
  async *[Symbol.asyncIterator]() {},
};

function sendingError(error: unknown, signal: AbortSignal): ResponsesError {
  if (signal.aborted) return abortedError();
  if (error instanceof ResponsesError) return error;
  if (error instanceof NetworkConfigurationError) return setupError(error.message);
  return connectionError(networkReason(error), { cause: error });
}
