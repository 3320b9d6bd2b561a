import { Secret } from '../../util/secret.ts';
import type { AuthState } from '../auth/index.ts';
import { environmentValue } from './model-provider.ts';
import type { Environment, ModelProvider } from './model-provider.ts';

export type ConfiguredTokenOutcome =
  { readonly ok: true; readonly token: Secret | null } | { readonly ok: false; readonly message: string };

/**
 * The token that the configuration of a provider names: its environment variable, which must be set once it is
 * configured, or the token itself. Null when it names none.
 */
export function configuredToken(provider: ModelProvider, environment: Environment): ConfiguredTokenOutcome {
  if (provider.envKey === null) return { ok: true, token: provider.bearerToken };
  const value = environmentValue(environment, provider.envKey);
  if (value !== null) return { ok: true, token: new Secret(value.trim()) };
  const help = provider.envKeyInstructions === null ? '' : ` ${provider.envKeyInstructions}`;
  return { ok: false, message: `Missing environment variable: \`${provider.envKey}\`.${help}` };
}

export type AuthorizationOutcome =
  | { readonly ok: true; readonly headers: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly message: string };

/**
 * The headers that authorise an ordinary model request: the configured token, else the login, whatever its kind. There
 * are none where there is neither. They hold a credential and must not be logged.
 */
export function authorization(
  provider: ModelProvider,
  auth: AuthState,
  environment: Environment,
): AuthorizationOutcome {
  const configured = configuredToken(provider, environment);
  if (!configured.ok) return configured;
  if (configured.token !== null) return { ok: true, headers: bearer(configured.token) };
  switch (auth.kind) {
    case 'none':
      return { ok: true, headers: {} };
    case 'apiKey':
      return { ok: true, headers: bearer(auth.apiKey) };
    case 'chatgpt': {
      const account = auth.accountId === null ? {} : { 'ChatGPT-Account-ID': auth.accountId };
      return { ok: true, headers: { ...bearer(auth.accessToken), ...account } };
    }
  }
}

function bearer(token: Secret): { readonly Authorization: string } {
  return { Authorization: `Bearer ${token.reveal()}` };
}
