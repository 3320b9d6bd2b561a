import { createHash } from 'node:crypto';
import { mergeHeaders } from '../../realtime/index.ts';
import { AuthError } from '../auth/index.ts';
import type { AuthState, AuthStore } from '../auth/index.ts';
import { currentConfig } from '../configuration.ts';
import type { CoreEnvironment } from '../environment.ts';
import { COMPATIBLE_VERSION } from '../identity.ts';
import {
  authorization,
  providerBaseUrl,
  providerHeaders,
  queryParams,
  resolveProvider,
} from '../provider/index.ts';
import type { ModelProvider } from '../provider/index.ts';
import type { ModelsRequest } from './fetch-models.ts';
import type { TellingProvider } from './told-models.ts';

/** A provider that can be asked for its models. */
export interface ModelsSource extends TellingProvider {
  readonly providerId: string;
  readonly request: ModelsRequest;
  /** The same for the same request and another one for any other, without what is secret in it. */
  readonly key: string;
}

/**
 * The provider of the configuration, if it can be asked. It cannot be without the login that it requires, without the
 * key that is configured for it, or while the configuration names none.
 */
export function modelsSource(environment: CoreEnvironment, auth: AuthStore): ModelsSource | null {
  const { identity, packageVersion, variables } = environment;
  const resolved = resolveProvider(currentConfig(environment), variables);
  const login = readLogin(auth);
  if (!resolved.ok || login === null) return null;
  const { provider } = resolved;
  const authorized = authorization(provider, login, variables);
  if (!authorized.ok) return null;
  const hasCredential = Object.keys(authorized.headers).length > 0;
  if (!hasCredential && provider.requiresOpenaiAuth) return null;
  const own = providerHeaders(provider, variables, packageVersion);
  const request = {
    url: modelsUrl(provider, login),
    headers: mergeHeaders(own, authorized.headers, identity.headers),
  };
  return {
    providerId: provider.id,
    name: provider.name,
    usesApiKey: login.kind !== 'chatgpt',
    request,
    key: createHash('sha256').update(JSON.stringify(request)).digest('hex'),
  };
}

function readLogin(auth: AuthStore): AuthState | null {
  try {
    return auth.read();
  } catch (error) {
    if (error instanceof AuthError) return null;
    throw error;
  }
}

/** The provider's parameters are put on as they are: providers rely on their own spelling of them. */
function modelsUrl(provider: ModelProvider, login: AuthState): string {
  const parameters = { ...queryParams(provider), client_version: COMPATIBLE_VERSION };
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return `${providerBaseUrl(provider, login.kind).replace(/\/+$/u, '')}/models?${query.join('&')}`;
}
