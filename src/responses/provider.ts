import type { HeaderMap } from './header-map.ts';

/** The provider of a session. What is a function is asked for each request, because it can change. */
export interface ResponsesProvider {
  /** The root of the API, such as `https://host/v1`. */
  readonly baseUrl: () => string;
  /** Put on every URL as they are. They may hold credentials. */
  readonly queryParams: () => Readonly<Record<string, string>>;
  /** They may hold credentials. */
  readonly headers: () => HeaderMap;
  readonly requestMaxRetries: number;
  /** The longest silence of a stream, in milliseconds. */
  readonly streamIdleTimeoutMs: number;
  /** The longest time that opening a WebSocket may take, in milliseconds. */
  readonly websocketConnectTimeoutMs: number;
  readonly supportsWebsockets: boolean;
  /** See `isAzureResponses`. */
  readonly isAzure: boolean;
}

/** What there is to authenticate a request with. A failure that is transient may be gone at the next attempt. */
export type Authorization =
  | { readonly ok: true; readonly headers: HeaderMap }
  | { readonly ok: false; readonly isTransient: boolean; readonly message: string };

/**
 * What was done about a login that the provider refused: `retry` says that there is a new credential to try,
 * `exhausted` that nothing more can be done and the refusal stands, `failed` that the login is lost for good.
 */
export type AuthRecovery =
  { readonly type: 'retry' | 'exhausted' } | { readonly type: 'failed'; readonly message: string };

export interface ProviderName {
  readonly name: string;
  readonly baseUrl: string | null;
}

const AZURE_HOSTS = [
  'openai.azure.',
  'cognitiveservices.azure.',
  'aoai.azure.',
  'azure-api.',
  'azurefd.',
  'windows.net/openai',
];

/** Whether a provider is Azure's form of the API, which stores responses and wants item ids back. */
export function isAzureResponses({ baseUrl, name }: ProviderName): boolean {
  const url = baseUrl?.toLowerCase() ?? '';
  return name.toLowerCase() === 'azure' || AZURE_HOSTS.some((host) => url.includes(host));
}

/** Whether a provider has the endpoint that compacts a history. */
export function supportsRemoteCompaction(provider: ProviderName): boolean {
  return provider.name === 'OpenAI' || isAzureResponses(provider);
}
