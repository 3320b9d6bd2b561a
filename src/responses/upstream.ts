import type { Logger } from '../util/logger.ts';
import { Redactor } from '../util/redactor.ts';
import { withDeadline } from './clock.ts';
import type { Clock } from './clock.ts';
import { connectionError, ResponsesError } from './error/responses-error.ts';
import { mergeHeaders } from './header-map.ts';
import type { HeaderMap } from './header-map.ts';
import type { HttpTransport } from './http/transport.ts';
import type { Authorization, AuthRecovery, ResponsesProvider } from './provider.ts';
import type { OptionalHeaders } from './request/headers.ts';
import type { SessionIdentity } from './request/request.ts';
import { endpointUrl } from './request/url.ts';
import type { DialSocket } from './websocket/socket.ts';

/** Compresses a body with zstd. */
export type Compress = (body: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;

/** Everything that requests of a thread need from outside. */
export interface UpstreamOptions {
  readonly identity: SessionIdentity;
  readonly provider: ResponsesProvider;
  /** Asked once for each attempt. */
  readonly authorize: (signal: AbortSignal) => Promise<Authorization>;
  /**
   * Called when the provider refuses the login with status 401; `step` counts from 0 within one request. Absent where
   * nothing can be done, as for an API key.
   */
  readonly recoverAuth?: (step: number, signal: AbortSignal) => Promise<AuthRecovery>;
  /** The headers that name this program, where nothing else sets them. */
  readonly defaultHeaders: () => HeaderMap;
  readonly http: HttpTransport;
  readonly dial: DialSocket;
  /** Gives what compresses the body of the next request, or null to send it as it is. */
  readonly compression?: () => Compress | null;
  readonly clock: Clock;
  /** Numbers from 0 up to 1. */
  readonly random: () => number;
  readonly logger: Logger;
}

/** The provider as requests see it: where it is, what it is sent, and what must not be told of it. */
export class Upstream {
  readonly options: UpstreamOptions;
  readonly #redactor = new Redactor();

  constructor(options: UpstreamOptions) {
    this.options = options;
  }

  url(path: string): string {
    const { provider } = this.options;
    return endpointUrl(provider.baseUrl(), path, provider.queryParams());
  }

  /**
   * The headers of one attempt: the program's defaults, the provider's, those of the request, and the credential, of
   * which a later one replaces an earlier one. Throws `missingCredential`, or `connectionFailed` when the credential
   * may be there at the next attempt.
   */
  async headers(extra: OptionalHeaders, signal: AbortSignal): Promise<Record<string, string>> {
    const { authorize, defaultHeaders, provider } = this.options;
    const authorization = await this.#within(
      authorize(signal),
      signal,
      'the credential was not ready in time',
    );
    if (!authorization.ok) {
      const { isTransient, message } = authorization;
      throw isTransient ? connectionError(message) : new ResponsesError('missingCredential', message);
    }
    const own = provider.headers();
    this.#redactor.remember({
      credential: authorization.headers,
      headers: own,
      query: provider.queryParams(),
    });
    return mergeHeaders(defaultHeaders(), own, extra, authorization.headers);
  }

  /** Whether a refused login is worth another request. Throws `loginExpired` when it is lost for good. */
  async recover(step: number, signal: AbortSignal): Promise<boolean> {
    const { logger, recoverAuth } = this.options;
    if (recoverAuth === undefined) return false;
    const recovery = await this.#within(
      recoverAuth(step, signal),
      signal,
      'the login was not renewed in time',
    );
    logger.info({ step, outcome: recovery.type }, 'the model provider refused the login');
    if (recovery.type === 'failed')
      throw new ResponsesError('loginExpired', recovery.message, { status: 401 });
    return recovery.type === 'retry';
  }

  /** An error whose message holds nothing that was sent in confidence. */
  redacted(error: unknown): unknown {
    if (!(error instanceof ResponsesError)) return error;
    const message = this.#redactor.apply(error.message);
    return message === error.message ? error : error.withMessage(message);
  }

  #within<T>(promise: Promise<T>, signal: AbortSignal, detail: string): Promise<T> {
    const { clock, provider } = this.options;
    return withDeadline(promise, {
      clock,
      milliseconds: provider.streamIdleTimeoutMs,
      signal,
      expired: () => connectionError(detail),
    });
  }
}
