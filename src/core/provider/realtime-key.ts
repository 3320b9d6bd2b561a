import { Secret } from '../../util/secret.ts';
import type { AuthState } from '../auth/index.ts';
import { configuredToken } from './authorization.ts';
import { environmentValue } from './model-provider.ts';
import type { Environment, ModelProvider } from './model-provider.ts';

export type RealtimeKeyOutcome =
  { readonly ok: true; readonly key: Secret } | { readonly ok: false; readonly message: string };

/** The provider name, not the id, for which `OPENAI_API_KEY` may be used. */
const OPENAI_NAME = 'OpenAI';

/**
 * The API key of a realtime socket. The first of these wins: the provider's environment variable, which must be set
 * once it is configured; the provider's bearer token; the key of the login; and for a provider with the name `OpenAI`
 * the variable `OPENAI_API_KEY`, which is what lets a ChatGPT login talk.
 */
export function realtimeApiKey(
  provider: ModelProvider,
  auth: AuthState,
  environment: Environment,
): RealtimeKeyOutcome {
  const configured = configuredToken(provider, environment);
  if (!configured.ok) return configured;
  if (configured.token !== null) return { ok: true, key: configured.token };
  if (auth.kind === 'apiKey') return { ok: true, key: auth.apiKey };
  const fallback = provider.name === OPENAI_NAME ? environmentValue(environment, 'OPENAI_API_KEY') : null;
  if (fallback !== null) return { ok: true, key: new Secret(fallback.trim()) };
  return {
    ok: false,
    message: 'a realtime session needs an API key: log in with one, or configure it for the provider',
  };
}
