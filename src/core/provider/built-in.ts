import type { Environment, ModelProvider } from './model-provider.ts';
import { environmentValue } from './model-provider.ts';

/** The id of the built-in provider that a configuration uses unless it names another. */
export const OPENAI_ID = 'openai';

/** The built-in providers for a server on this machine, with its usual port. */
const LOCAL_PORTS: ReadonlyMap<string, string> = new Map([
  ['ollama', '11434'],
  ['lmstudio', '1234'],
]);

const BASE: Omit<ModelProvider, 'id' | 'name'> = {
  baseUrl: null,
  envKey: null,
  envKeyInstructions: null,
  bearerToken: null,
  queryParams: new Map(),
  httpHeaders: new Map(),
  envHttpHeaders: new Map(),
  requestMaxRetries: 4,
  streamMaxRetries: 5,
  streamIdleTimeoutMs: 300_000,
  websocketConnectTimeoutMs: 15_000,
  requiresOpenaiAuth: false,
  supportsWebsockets: false,
};

/** OpenAI itself, or what `openai_base_url` puts in its place. */
export function openaiProvider(baseUrl: string | null): ModelProvider {
  return {
    ...BASE,
    id: OPENAI_ID,
    name: 'OpenAI',
    baseUrl,
    envHttpHeaders: new Map([
      ['OpenAI-Organization', 'OPENAI_ORGANIZATION'],
      ['OpenAI-Project', 'OPENAI_PROJECT'],
    ]),
    requiresOpenaiAuth: true,
    supportsWebsockets: true,
  };
}

/** The built-in provider for a server on this machine, or null if the id names none. */
export function localProvider(id: string, environment: Environment): ModelProvider | null {
  const port = LOCAL_PORTS.get(id);
  if (port === undefined) return null;
  return { ...BASE, id, name: 'gpt-oss', baseUrl: localBaseUrl(environment, port) };
}

export function isLocalProvider(id: string): boolean {
  return LOCAL_PORTS.has(id);
}

function localBaseUrl(environment: Environment, defaultPort: string): string {
  const url = environmentValue(environment, 'CODEX_OSS_BASE_URL');
  if (url !== null) return url.trim();
  const port = environmentValue(environment, 'CODEX_OSS_PORT')?.trim() ?? '';
  return `http://localhost:${/^\d{1,5}$/u.test(port) ? port : defaultPort}/v1`;
}
