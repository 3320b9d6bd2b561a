import { Secret } from '../../util/secret.ts';
import type { AuthState } from '../auth/index.ts';
import { environmentValue } from './model-provider.ts';
import type { Environment, ModelProvider } from './model-provider.ts';

export type BearerTokenOutcome =
  { readonly ok: true; readonly token: Secret | null } | { readonly ok: false; readonly message: string };

/**
 * The token of an ordinary model request: the provider's environment variable, which must be set once it is
 * configured; the provider's own token; the login, whatever its kind. Null sends the request without one.
 */
export function bearerToken(
  provider: ModelProvider,
  auth: AuthState,
  environment: Environment,
): BearerTokenOutcome {
  if (provider.envKey !== null) {
    const value = environmentValue(environment, provider.envKey);
    if (value !== null) return { ok: true, token: new Secret(value.trim()) };
    const help = provider.envKeyInstructions === null ? '' : ` ${provider.envKeyInstructions}`;
    return { ok: false, message: `Missing environment variable: \`${provider.envKey}\`.${help}` };
  }
  if (provider.bearerToken !== null) return { ok: true, token: provider.bearerToken };
  if (auth.kind === 'apiKey') return { ok: true, token: auth.apiKey };
  return { ok: true, token: auth.kind === 'chatgpt' ? auth.accessToken : null };
}
