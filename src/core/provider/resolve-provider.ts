import type { AuthState } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import { localProvider, OPENAI_ID, openaiProvider } from './built-in.ts';
import type { Environment, ModelProvider } from './model-provider.ts';

export type ProviderOutcome =
  { readonly ok: true; readonly provider: ModelProvider } | { readonly ok: false; readonly message: string };

const API_BASE_URL = 'https://api.openai.com/v1';
const CHATGPT_BASE_URL = 'https://chatgpt.com/backend-api/codex';

/**
 * Finds the provider that a configuration names. The environment can only move the built-in local providers, by
 * `CODEX_OSS_BASE_URL` and `CODEX_OSS_PORT`.
 */
export function resolveProvider(config: Config, environment: Environment = {}): ProviderOutcome {
  const id = config.modelProvider;
  const settings = config.modelProviders.get(id);
  if (settings !== undefined) return { ok: true, provider: { ...settings, id } };
  if (id === OPENAI_ID) return { ok: true, provider: openaiProvider(config.openaiBaseUrl) };
  const local = localProvider(id, environment);
  if (local !== null) return { ok: true, provider: local };
  return { ok: false, message: notFound(id) };
}

/**
 * The root of a provider's API. A provider without a base URL of its own is OpenAI's, at the address that belongs to
 * the login. A realtime socket authenticates with an API key whatever the login, so it asks for that kind.
 */
export function providerBaseUrl(provider: ModelProvider, login: AuthState['kind']): string {
  if (provider.baseUrl !== null) return provider.baseUrl;
  return login === 'chatgpt' ? CHATGPT_BASE_URL : API_BASE_URL;
}

function notFound(id: string): string {
  if (id === 'amazon-bedrock') return 'Model provider `amazon-bedrock` is not supported by this server';
  const hint = id === 'ollama-chat' ? '; use `ollama`' : '';
  return `Model provider \`${id}\` not found${hint}`;
}
