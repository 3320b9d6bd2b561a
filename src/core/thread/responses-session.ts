import { isAzureResponses, ResponsesSession, systemClock } from '../../responses/index.ts';
import type { Authorization, ResponsesProvider } from '../../responses/index.ts';
import type { AuthStore } from '../auth/index.ts';
import { isFeatureEnabled } from '../config/index.ts';
import type { Config } from '../config/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import { authorization, providerBaseUrl, providerHeaders, queryParams } from '../provider/index.ts';
import type { ModelProvider } from '../provider/index.ts';

export interface SessionParts {
  readonly environment: CoreEnvironment;
  readonly auth: AuthStore;
  readonly provider: ModelProvider;
  readonly config: Config;
}

/** The session of a thread with its model provider. Login and headers are read anew for each request. */
export function responsesSession(threadId: string, parts: SessionParts): ResponsesSession {
  const { environment } = parts;
  return new ResponsesSession({
    identity: { threadId, installationId: environment.installationId },
    provider: providerOf(parts),
    authorize: () => Promise.resolve(authorize(parts)),
    defaultHeaders: () => environment.identity.headers,
    http: environment.http,
    dial: environment.responsesDial,
    compression: () => (compresses(parts) ? environment.compress : null),
    clock: systemClock,
    random: Math.random,
    logger: environment.logger,
  });
}

function providerOf({ auth, environment, provider }: SessionParts): ResponsesProvider {
  return {
    baseUrl: () => providerBaseUrl(provider, auth.read().kind),
    queryParams: () => queryParams(provider),
    headers: () => providerHeaders(provider, environment.variables, environment.packageVersion),
    requestMaxRetries: provider.requestMaxRetries,
    streamIdleTimeoutMs: provider.streamIdleTimeoutMs,
    websocketConnectTimeoutMs: provider.websocketConnectTimeoutMs,
    supportsWebsockets: provider.supportsWebsockets,
    isAzure: isAzureResponses(provider),
  };
}

/** Only OpenAI's own service is known to take compressed requests, and only with a ChatGPT login. */
function compresses({ auth, config, provider }: SessionParts): boolean {
  const isWanted = provider.name === 'OpenAI' && isFeatureEnabled(config, 'enable_request_compression');
  return isWanted && auth.read().kind === 'chatgpt';
}

function authorize({ auth, environment, provider }: SessionParts): Authorization {
  const outcome = authorization(provider, auth.read(), environment.variables);
  return outcome.ok ? outcome : { ...outcome, isTransient: false };
}
