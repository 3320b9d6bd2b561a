import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuthState } from '../../../src/core/auth/index.ts';
import {
  authorization,
  providerBaseUrl,
  providerHeaders,
  queryParams,
  realtimeApiKey,
  resolveProvider,
} from '../../../src/core/provider/index.ts';
import type { Environment, ModelProvider } from '../../../src/core/provider/index.ts';
import { Secret } from '../../../src/util/secret.ts';
import { configOf } from '../config/home.ts';

const BUILT_IN = {
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

const OPENAI: ModelProvider = {
  ...BUILT_IN,
  id: 'openai',
  name: 'OpenAI',
  envHttpHeaders: new Map([
    ['OpenAI-Organization', 'OPENAI_ORGANIZATION'],
    ['OpenAI-Project', 'OPENAI_PROJECT'],
  ]),
  requiresOpenaiAuth: true,
  supportsWebsockets: true,
};

const CUSTOM: ModelProvider = { ...BUILT_IN, id: 'custom', name: 'Custom' };

function resolve(user: string, environment?: Environment) {
  return resolveProvider(configOf({ user }), environment);
}

test('without configuration the provider is OpenAI', () => {
  expect(resolve('')).toEqual({ ok: true, provider: OPENAI });
});

test('openai_base_url moves the built-in provider; the environment does not', () => {
  const user = 'openai_base_url = "http://127.0.0.1:1/v1"';
  const provider = { ...OPENAI, baseUrl: 'http://127.0.0.1:1/v1' };
  expect(resolve(user, { OPENAI_BASE_URL: 'http://elsewhere' })).toEqual({ ok: true, provider });
  expect(resolve('', { OPENAI_BASE_URL: 'http://elsewhere' })).toEqual({ ok: true, provider: OPENAI });
});

test('a provider of the configuration', () => {
  const user =
    'model_provider = "p"\n[model_providers.p]\nname = "P"\nbase_url = "http://p"\nenv_key = "P_KEY"';
  const provider = { ...BUILT_IN, id: 'p', name: 'P', baseUrl: 'http://p', envKey: 'P_KEY' };
  expect(resolve(user)).toEqual({ ok: true, provider });
});

test.each([
  ['nope', 'Model provider `nope` not found'],
  ['constructor', 'Model provider `constructor` not found'],
  ['', 'Model provider `` not found'],
  ['ollama-chat', 'Model provider `ollama-chat` not found; use `ollama`'],
  ['amazon-bedrock', 'Model provider `amazon-bedrock` is not supported by this server'],
])('the unknown provider %j', (id, message) => {
  expect(resolve(`model_provider = "${id}"`)).toEqual({ ok: false, message });
});

test.each([
  ['ollama', {}, 'http://localhost:11434/v1'],
  ['lmstudio', {}, 'http://localhost:1234/v1'],
  ['ollama', { CODEX_OSS_PORT: '99' }, 'http://localhost:99/v1'],
  ['ollama', { CODEX_OSS_PORT: 'abc' }, 'http://localhost:11434/v1'],
  ['ollama', { CODEX_OSS_PORT: ' ', CODEX_OSS_BASE_URL: ' ' }, 'http://localhost:11434/v1'],
  ['lmstudio', { CODEX_OSS_PORT: '99', CODEX_OSS_BASE_URL: 'http://box/v1' }, 'http://box/v1'],
])('the local provider %s with %j', (id, environment, baseUrl) => {
  const provider = { ...BUILT_IN, id, name: 'gpt-oss', baseUrl };
  expect(resolve(`model_provider = "${id}"`, environment)).toEqual({ ok: true, provider });
});

test('the base URL: its own, or the one that belongs to the login', () => {
  const kinds = ['none', 'apiKey', 'chatgpt'] as const;
  expect(kinds.map((kind) => providerBaseUrl(OPENAI, kind))).toEqual([
    'https://api.openai.com/v1',
    'https://api.openai.com/v1',
    'https://chatgpt.com/backend-api/codex',
  ]);
  const own = { ...OPENAI, baseUrl: 'http://own' };
  expect(kinds.map((kind) => providerBaseUrl(own, kind))).toEqual(['http://own', 'http://own', 'http://own']);
});

function secrets(entries: Readonly<Record<string, string>>): ReadonlyMap<string, Secret> {
  return new Map(Object.entries(entries).map(([name, value]) => [name, new Secret(value)]));
}

test('the built-in provider sends its version, and organization and project if they are set', () => {
  const environment = { OPENAI_ORGANIZATION: 'org', OPENAI_PROJECT: '  ' };
  expect(providerHeaders(OPENAI, environment, '1.2.3')).toEqual({
    version: '1.2.3',
    'OpenAI-Organization': 'org',
  });
  expect(providerHeaders(OPENAI, { OPENAI_PROJECT: ' p ' }, '1.2.3')).toEqual({
    version: '1.2.3',
    'OpenAI-Project': ' p ',
  });
});

test('a custom provider sends what it configures, but for what HTTP does not allow', () => {
  const provider: ModelProvider = {
    ...CUSTOM,
    name: 'OpenAI',
    httpHeaders: secrets({
      'X-Static': 'static',
      'X-Both': 'static',
      'bad name': 'x',
      '': 'x',
      'X-Line': 'a\nb',
      'X-Emoji': '\u{1f600}',
      'X-Tab': 'a\tb',
      'X-Empty': '',
    }),
    envHttpHeaders: new Map([
      ['x-both', 'BOTH'],
      ['X-Unset', 'UNSET'],
      ['X-Blank', 'BLANK'],
      ['X-Inherited', 'toString'],
      ['bad:name', 'BOTH'],
    ]),
  };
  expect(providerHeaders(provider, { BOTH: 'env', BLANK: ' ', UNSET: undefined }, '1.2.3')).toEqual({
    'X-Static': 'static',
    'X-Tab': 'a\tb',
    'X-Empty': '',
    'x-both': 'env',
  });
});

test('query parameters are given as they are configured', () => {
  const provider = { ...CUSTOM, queryParams: secrets({ 'api-version': '1', key: 'a b' }) };
  expect(queryParams(provider)).toEqual({ 'api-version': '1', key: 'a b' });
});

const NONE: AuthState = { kind: 'none' };
const API_KEY: AuthState = { kind: 'apiKey', apiKey: new Secret('login') };
const CHATGPT: AuthState = {
  kind: 'chatgpt',
  accessToken: new Secret('access'),
  accountId: null,
  email: null,
  planType: null,
};
const WITH_ENV_KEY = { ...OPENAI, envKey: 'MY_KEY', bearerToken: new Secret('bearer') };
const WITH_BEARER = { ...OPENAI, bearerToken: new Secret('bearer') };
const ENVIRONMENT = { MY_KEY: ' mine ', OPENAI_API_KEY: ' fallback ' };

/** The key or the message of an outcome. */
function keyFor(provider: ModelProvider, auth: AuthState, environment: Environment) {
  const outcome = realtimeApiKey(provider, auth, environment);
  return outcome.ok ? { key: outcome.key.reveal() } : { message: outcome.message };
}

test('the first key wins: variable, bearer token, login, OPENAI_API_KEY', () => {
  expect([
    keyFor(WITH_ENV_KEY, API_KEY, ENVIRONMENT),
    keyFor(WITH_BEARER, API_KEY, ENVIRONMENT),
    keyFor(OPENAI, API_KEY, ENVIRONMENT),
    keyFor(OPENAI, CHATGPT, ENVIRONMENT),
    keyFor(OPENAI, NONE, ENVIRONMENT),
    keyFor(CUSTOM, API_KEY, ENVIRONMENT),
  ]).toEqual([
    { key: 'mine' },
    { key: 'bearer' },
    { key: 'login' },
    { key: 'fallback' },
    { key: 'fallback' },
    { key: 'login' },
  ]);
});

test.each([{}, { MY_KEY: '' }, { MY_KEY: ' \n' }])(
  'a configured variable that is not set (%j) is an error',
  (rest) => {
    const environment = { OPENAI_API_KEY: 'fallback', ...rest };
    expect(keyFor(WITH_ENV_KEY, API_KEY, environment)).toEqual({
      message: 'Missing environment variable: `MY_KEY`.',
    });
    const helped = { ...WITH_ENV_KEY, envKeyInstructions: 'Get one at the desk.' };
    expect(keyFor(helped, API_KEY, environment)).toEqual({
      message: 'Missing environment variable: `MY_KEY`. Get one at the desk.',
    });
  },
);

test('without any key a session cannot start', () => {
  const message = 'a realtime session needs an API key: log in with one, or configure it for the provider';
  expect([
    keyFor(OPENAI, NONE, {}),
    keyFor(OPENAI, CHATGPT, { OPENAI_API_KEY: ' ' }),
    keyFor(CUSTOM, NONE, ENVIRONMENT),
    keyFor(CUSTOM, CHATGPT, ENVIRONMENT),
    keyFor({ ...OPENAI, name: 'openai' }, NONE, ENVIRONMENT),
  ]).toEqual(Array.from({ length: 5 }, () => ({ message })));
});

/** The token or the message of an ordinary model request. */
function tokenFor(provider: ModelProvider, auth: AuthState, environment: Environment) {
  const outcome = authorization(provider, auth, environment);
  if (!outcome.ok) return { message: outcome.message };
  return { token: outcome.headers['Authorization']?.replace('Bearer ', '') ?? null };
}

test('a model request takes any login, and never OPENAI_API_KEY', () => {
  expect([
    tokenFor(WITH_ENV_KEY, CHATGPT, ENVIRONMENT),
    tokenFor(WITH_ENV_KEY, CHATGPT, {}),
    tokenFor(WITH_BEARER, API_KEY, ENVIRONMENT),
    tokenFor(CUSTOM, API_KEY, ENVIRONMENT),
    tokenFor(OPENAI, CHATGPT, ENVIRONMENT),
    tokenFor(OPENAI, NONE, ENVIRONMENT),
  ]).toEqual([
    { token: 'mine' },
    { message: 'Missing environment variable: `MY_KEY`.' },
    { token: 'bearer' },
    { token: 'login' },
    { token: 'access' },
    { token: null },
  ]);
});

test('no secret shows in the reason why there is no key', () => {
  const secret = 'sk-Hidden';
  const provider = fc.record({
    envKey: fc.constantFrom(null, 'UNSET'),
    name: fc.constantFrom('OpenAI', 'other'),
    httpHeaders: fc.constant(secrets({ a: secret })),
    queryParams: fc.constant(secrets({ a: secret })),
  });
  fc.assert(
    fc.property(provider, fc.constantFrom(NONE, CHATGPT), (settings, auth) => {
      const outcome = realtimeApiKey({ ...CUSTOM, ...settings }, auth, { OTHER_KEY: secret });
      return !JSON.stringify(outcome).includes(secret);
    }),
  );
});
